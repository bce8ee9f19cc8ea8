"""What must hold whenever a role changes hands, whoever asks.

Who may ask at all: ``policies``.
"""

from __future__ import annotations

OWNER, ADMIN, NORMAL, CLIENT = "owner", "admin", "normal", "client"
# From the one who may least to the one who may most.
ROLES = (CLIENT, NORMAL, ADMIN, OWNER)


def is_role(role: str) -> bool:
    """Return whether there is a role of that name."""
    return role in ROLES


def raises(present: str, wanted: str) -> bool:
    """Return whether ``wanted`` may more than ``present``."""
    return ROLES.index(wanted) > ROLES.index(present)


def fault_of_change(present: str, wanted: str, *, own: bool, other_owners: int) -> str | None:
    """Return why a member's role cannot become ``wanted``; None where it can.

    ``own`` says that it is the role of whoever asks, ``other_owners`` how many legal
    representatives there are besides: ``unknown``, ``unchanged``, ``own_role_raised`` (nobody
    raises himself), ``last_owner`` (an organization always has a legal representative).
    """
    if not is_role(wanted):
        return "unknown"
    if wanted == present:
        return "unchanged"
    if own and raises(present, wanted):
        return "own_role_raised"
    if present == OWNER and not other_owners:
        return "last_owner"
    return None


def fault_of_going(role: str, *, other_owners: int) -> str | None:
    """Return why a member of that role can neither leave nor be removed; None where they can."""
    return "last_owner" if role == OWNER and not other_owners else None


def may_opt_out_of_billing(role: str, *, other_owners: int) -> bool:
    """Return whether the member may do without mails on invoices and payments.

    The only legal representative may not: nobody else would learn of a debt.
    """
    return role != OWNER or other_owners > 0
