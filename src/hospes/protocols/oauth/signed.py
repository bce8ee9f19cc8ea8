"""Signed JSON from outside: assertions, proofs, request objects (RFC 7515, RFC 7519, RFC 8725).

Read strictly: one spelling of each part, no member twice, no extension that is not understood.
Nothing that is read here is believed before ``verify`` said so.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from hospes.protocols.oauth import profiles

if TYPE_CHECKING:
    from collections.abc import Collection

    from joserfc.jwk import Key

# What somebody else may sign with.
ALGORITHMS: Final = profiles.ALGORITHMS
# Which kind of key, and which curve, each of them needs.
KEY_KINDS: Final = {
    "RS256": ("RSA", ""),
    "PS256": ("RSA", ""),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
}
MAXIMUM_LENGTH: Final = 16_384
LATEST: Final = 2**53
_PARTS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class UnreadableError(ValueError):
    """This is no signed JSON; the message says why and repeats nothing of it."""


class _Registry(JWSRegistry):
    """The algorithms above and no other; under the old name of EdDSA, which clients know."""

    def get_alg(self, name: str) -> Any:  # the library does not export the type
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


_REGISTRY = _Registry()


@dataclass(frozen=True, slots=True)
class Signed:
    """A JWT in its parts; nothing of it has been proved."""

    header: dict[str, Any]
    claims: dict[str, Any] = field(repr=False)
    message: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def alg(self) -> str:
        """Return the algorithm that it names, ``""`` where that is no text."""
        return usual_name(self.text_of(self.header, "alg"))

    @property
    def kid(self) -> str:
        """Return the key that it names, ``""`` where it names none."""
        return self.text_of(self.header, "kid")

    def claim(self, name: str) -> str:
        """Return a claim, ``""`` where it is absent or no text."""
        return self.text_of(self.claims, name)

    def instant(self, name: str) -> int | None:
        """Return a NumericDate in whole seconds (RFC 7519 §2), None where it is absent.

        Raises:
            UnreadableError: it is no instant.

        """
        value = self.claims.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnreadableError(f"{name} is no instant")
        if not -LATEST <= value <= LATEST:
            raise UnreadableError(f"{name} is no instant")
        return int(value)

    @staticmethod
    def text_of(members: dict[str, Any], name: str) -> str:
        """Return a member, ``""`` where it is absent or no text."""
        value = members.get(name)
        return value if isinstance(value, str) else ""


def usual_name(alg: str) -> str:
    """Return what an algorithm is called here: RFC 9864 calls EdDSA by its curve's name."""
    return "EdDSA" if alg == "Ed25519" else alg


def read(token: str) -> Signed:
    """Take a compact JWT apart (RFC 7515 §7.1).

    Raises:
        UnreadableError: it is none, or names an extension (``crit``).

    """
    if len(token) > MAXIMUM_LENGTH:
        raise UnreadableError("it is too long")
    if not _PARTS.fullmatch(token):
        raise UnreadableError("it is not three parts of base64url")
    first, second, third = token.split(".")
    header, claims = _object(first, "header"), _object(second, "claims")
    if "crit" in header:
        raise UnreadableError("its header asks for an extension")
    return Signed(header, claims, f"{first}.{second}".encode("ascii"), decoded(third))


def verify(signed: Signed, key: Key, *, algorithms: Collection[str] = ALGORITHMS) -> bool:
    """Return whether ``key``, a public one, made the signature with one of ``algorithms``."""
    alg = signed.alg
    if alg not in algorithms or alg not in ALGORITHMS or not fits(alg, key):
        return False
    try:
        return bool(_REGISTRY.get_alg(alg).verify(signed.message, signed.signature, key))
    except (JoseError, ValueError, TypeError, UnsupportedAlgorithm):
        return False


def fits(alg: str, key: Key) -> bool:
    """Return whether a key is of the kind that an algorithm needs."""
    kind, curve = KEY_KINDS[alg]
    return key.key_type == kind and (not curve or getattr(key, "curve_name", "") == curve)


def decoded(part: str) -> bytes:
    """Return what base64url without padding stands for (RFC 7515 §2), in its one spelling.

    Raises:
        UnreadableError: it is none.

    """
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError("a part is no base64url") from None
    if encoded(data) != part:
        raise UnreadableError("a part is spelt in another way")
    return data


def encoded(data: bytes) -> str:
    """Return base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _object(part: str, what: str) -> dict[str, Any]:
    try:
        return members_of(decoded(part).decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError(f"its {what} are not UTF-8") from None


def members_of(text: str) -> dict[str, Any]:
    """Return the members of a JSON object, each named once.

    Raises:
        UnreadableError: it is none.

    """
    try:
        told = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except UnreadableError:
        raise
    except (ValueError, RecursionError):
        raise UnreadableError("it is no JSON") from None
    if not isinstance(told, dict):
        raise UnreadableError("it is no JSON object")
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise UnreadableError("a member is named twice")
    return told


def _refused(_constant: str) -> None:
    raise UnreadableError("it is no JSON")
