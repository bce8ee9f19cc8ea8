"""A device without a browser asks for a code to be typed in elsewhere (RFC 8628 §3.1, §3.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import scopes
from hospes.protocols.oauth.clients import NAMES as CLIENT_NAMES
from hospes.protocols.oauth.clients import Credentials, read_credentials, refuse_misplaced
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.device import DEVICE

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.parameters import Parameters

NAMES = ("scope", *CLIENT_NAMES)
# Where people type the code.
PAGE = "/device"
# RFC 8628 §3.2: 5 unless something else is said.
INTERVAL = 5
# RFC 8628 §6.1: no vowels, so no words, and nothing that looks like a digit or another letter.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
_HALF = LENGTH // 2
# So many that the remainder below favours no letter by more than 2 ** -90.
USER_CODE_BYTES = 16
# What people put between the halves, and what phones make of a hyphen.
_BETWEEN = re.compile("[\\s\u00ad\u200b\u2010-\u2015\u2212\ufe63\uff0d_.-]+")
LONGEST_TYPED = 40


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was sent; nothing of it has been judged but its form."""

    credentials: Credentials
    scope: str


@dataclass(frozen=True, slots=True)
class Begun:
    """The device waits. Both codes are in clear here and nowhere else; times in seconds."""

    device_code: str = field(repr=False)
    user_code: str = field(repr=False)
    expires_in: int
    interval: int = INTERVAL

    def body(self, issuer: str) -> dict[str, object]:
        """Return the answer's body (RFC 8628 §3.2)."""
        page, code = issuer + PAGE, shown(self.user_code)
        return {
            "device_code": self.device_code,
            "user_code": code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={code}",
            "expires_in": self.expires_in,
            "interval": self.interval,
        }


def parse(authorization: str, body: Parameters, *, query: Parameters) -> Sent:
    """Read a request; ``authorization`` is the header, ``""`` where there is none.

    Raises:
        OAuthError: ``invalid_request`` or ``invalid_client``.

    """
    refuse_misplaced(NAMES, body, query=query)
    return Sent(read_credentials(authorization, body), body.get("scope"))


def check(sent: Sent, client: ClientView) -> frozenset[str]:
    """Return the scopes that ``client``, already authenticated, may have people asked for.

    Raises:
        OAuthError: ``unauthorized_client`` or ``invalid_scope``.

    """
    if not client.may_use(DEVICE):
        raise OAuthError("unauthorized_client", "This application may not sign devices in.")
    if not scopes.well_formed(sent.scope):
        raise OAuthError("invalid_scope", "scope holds a character that is not allowed.")
    known = frozenset(scopes.known(sent.scope))
    if not known:
        raise OAuthError(
            "invalid_scope", f"scope must name at least one of {' '.join(scopes.SUPPORTED)}."
        )
    return known


def user_code(chance: bytes) -> str:
    """Return a code to type, made of ``USER_CODE_BYTES`` random bytes: 34 bits of them."""
    number, letters = int.from_bytes(chance, "big"), []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "".join(letters)


def shown(code: str) -> str:
    """Return a code as people read it: ``BCDF-GHJK``."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def typed(text: str) -> str:
    """Return the code that somebody typed, in whatever case and spacing; ``""`` for none."""
    code = _BETWEEN.sub("", text[:LONGEST_TYPED]).upper()
    return code if len(code) == LENGTH and all(each in LETTERS for each in code) else ""
