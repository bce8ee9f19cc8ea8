"""Scopes and the claims each one opens (OpenID Connect Core §5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.protocols.oauth.parameters import Parameters

# Scope and claim of one name.
GROUPS = "groups"
# In the order in which people are shown them.
CLAIMS: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "profile": (
        "name",
        "given_name",
        "family_name",
        "picture",
        "locale",
        "zoneinfo",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    GROUPS: (GROUPS,),
    "offline_access": (),
}
SUPPORTED = tuple(CLAIMS)
# A scope token is NQCHAR (RFC 6749 §3.3).
_FORBIDDEN = set('"\\')


@dataclass(frozen=True, slots=True)
class Person:
    """An account as claims tell it. Empty text means: not known, so not told."""

    subject: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    picture: str = ""
    locale: str = ""
    zoneinfo: str = ""
    updated_at: int = 0
    email: str = ""
    email_verified: bool = False
    phone_number: str = ""
    phone_number_verified: bool = False
    groups: tuple[str, ...] = ()


def well_formed(scope: str) -> bool:
    """Return whether ``scope`` is a list of scope tokens (RFC 6749 §3.3)."""
    return all("\x20" <= char <= "\x7e" and char not in _FORBIDDEN for char in scope)


def read(body: Parameters) -> str:
    """Return the ``scope`` of a request, ``""`` where there is none.

    Raises:
        OAuthError: ``invalid_scope``.

    """
    scope = body.get("scope")
    if not well_formed(scope):
        raise OAuthError("invalid_scope", "scope holds a character that is not allowed.")
    return scope


def known(scope: str) -> tuple[str, ...]:
    """Return the supported scopes in ``scope``, once each, in our order.

    What we do not know is left out (OpenID Connect Core §3.1.2.1); the answer tells what was
    granted.
    """
    asked = set(scope.split(" "))
    return tuple(name for name in SUPPORTED if name in asked)


def claims(scope: str, person: Person, also: tuple[str, ...] = ()) -> dict[str, object]:
    """Return what an application with ``scope`` may know of ``person``, and the claims ``also``."""
    opened = (claim for name in ("openid", *known(scope)) for claim in CLAIMS[name])
    return named((*opened, *also), person)


def named(names: Iterable[str], person: Person) -> dict[str, object]:
    """Return those claims about ``person`` that are known."""
    told: dict[str, object] = {
        claim: person.subject if claim == "sub" else getattr(person, claim) for claim in names
    }
    # A verification mark without the thing it verifies says nothing.
    for thing in ("email", "phone_number"):
        if not getattr(person, thing):
            told.pop(f"{thing}_verified", None)
    told = {claim: value for claim, value in told.items() if value not in ("", 0) or value is False}
    if GROUPS in told:
        told[GROUPS] = list(person.groups)
    return told
