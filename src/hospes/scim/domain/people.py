"""What an organization needs to know of a person, out of what a directory says (RFC 7643 §4.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hospes.identity.domain import addresses, names
from hospes.organizations.domain import invitations, roles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# Words of the ``roles`` attribute that mean something here. A legal representative is made by
# legal representatives alone.
_ROLES: Final[Mapping[str, str]] = {
    "admin": roles.ADMIN,
    "administrator": roles.ADMIN,
    "normal": roles.NORMAL,
    "user": roles.NORMAL,
    "member": roles.NORMAL,
    "collaborator": roles.NORMAL,
    "client": roles.CLIENT,
    "external": roles.CLIENT,
}
_NO_LETTER = re.compile(r"[^\w' -]+|_")


def address_of(attributes: Mapping[str, Any], user_name: str) -> str:
    """Return where the person gets mail, as addresses are stored; ``""`` where nothing says so.

    The primary address, else the one at work, else the first; a ``userName`` that is an address
    does where there is none.
    """
    found = [each for each in attributes.get("emails", ()) if each.get("value")]
    found.sort(key=lambda each: (each.get("primary") is not True, each.get("type") != "work"))
    for text in (*(each["value"] for each in found), user_name):
        address = addresses.normalise(text)
        if not invitations.email_fault(address):
            return address
    return ""


def names_of(attributes: Mapping[str, Any], user_name: str, address: str) -> tuple[str, str]:
    """Return a first and a last name that an invitation takes.

    A directory may hold no names, or some that no letter should greet by; then they come from
    the display name or from what stands before the @.
    """
    told = attributes.get("name", {})
    whole = attributes.get("displayName") or told.get("formatted") or attributes.get("nickName", "")
    local = (address or user_name).partition("@")[0].replace(".", " ")
    given, _, family = str(whole).partition(" ")
    first = _first_usable(told.get("givenName", ""), given, local.partition(" ")[0], local)
    last = _first_usable(told.get("familyName", ""), family, local.rpartition(" ")[2], first)
    return first, last


def _first_usable(*found: str) -> str:
    for text in found:
        name = names.tidy(text)
        if not invitations.name_fault(name):
            return name
        plain = names.tidy(_NO_LETTER.sub(" ", name))[: names.LONGEST].strip()
        if not invitations.name_fault(plain):
            return plain
    return "Member"


def language_of(attributes: Mapping[str, Any], offered: Iterable[str]) -> str:
    """Return the language to write to the person in, ``""`` where none of ``offered`` is named."""
    known = list(offered)
    for name in ("preferredLanguage", "locale"):
        # As in Accept-Language: "fr-CH, fr;q=0.9".
        for part in str(attributes.get(name, "")).split(","):
            code = re.split(r"[-_;]", part.strip().lower())[0]
            if code in known:
                return code
    return ""


def role_of(attributes: Mapping[str, Any]) -> str:
    """Return the role that the directory names, ``""`` where it names none that is known here.

    Of several the one that may most counts.
    """
    told: Collection[Any] = attributes.get("roles", ())
    named = [_ROLES.get(str(each.get("value", "")).strip().lower(), "") for each in told]
    found = [role for role in named if role]
    return max(found, key=roles.ROLES.index) if found else ""


def folded(user_name: str) -> str:
    """Return what two userNames have in common that are the same (RFC 7643 §4.1.1).

    At most three times as long as the name.
    """
    return user_name.casefold()
