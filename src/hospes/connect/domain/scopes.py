"""Scope sets as consents hold them."""

from __future__ import annotations

# The order in which a person reads them.
GROUPS = "groups"
KNOWN = ("openid", "profile", "email", "phone", GROUPS, "offline_access")


def joined(scopes: frozenset[str]) -> str:
    """Return ``scopes`` as one column holds them: sorted, separated by blanks."""
    return " ".join(sorted(scopes))


def split(scope: str) -> frozenset[str]:
    """Return the scope names in a column's value."""
    return frozenset(scope.split())


def covers(allowed: str, asked: frozenset[str]) -> bool:
    """Return whether what was allowed before holds everything that is asked for now."""
    return asked <= split(allowed)


def in_reading_order(scopes: frozenset[str]) -> tuple[str, ...]:
    """Return ``scopes`` in the order a person reads them, unknown ones last."""
    known = tuple(name for name in KNOWN if name in scopes)
    return known + tuple(sorted(scopes.difference(KNOWN)))
