"""The public keys of applications: sets as they register or publish them (RFC 7517)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from hospes.protocols.oauth import signed
from hospes.protocols.oauth.signed import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from joserfc.jwk import Key

    from hospes.protocols.oauth.signed import Signed

MOST_KEYS: Final = 50
MAXIMUM_LENGTH: Final = 60_000
LONGEST_KID: Final = 200
LEAST_RSA_BITS: Final = 2048
# Beyond that, each signature costs whoever checks it too much.
MOST_RSA_BITS: Final = 8192
LEAST_EXPONENT: Final = 3
MOST_EXPONENT: Final = 2**32
# What belongs to whoever signs (RFC 7518 §6).
PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
# The public members that make each kind of key, in the order of their thumbprint (RFC 7638 §3.2).
PUBLIC_MEMBERS: Final = {
    "RSA": ("e", "kty", "n"),
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
}
CURVES: Final = {
    "EC": frozenset({"P-256", "P-384", "P-521"}),
    "OKP": frozenset({"Ed25519", "X25519"}),
}


@dataclass(frozen=True, slots=True)
class ClientKey:
    """One public key. ``certificate`` is the SHA-256 of its ``x5c``'s first one, base64url."""

    key: Key = field(repr=False)
    kid: str = ""
    alg: str = ""
    use: str = ""
    certificate: str = ""

    def signs(self, alg: str) -> bool:
        """Return whether the key may have signed with ``alg`` (RFC 7517 §4.2, §4.4)."""
        return self.use in {"", "sig"} and self.alg in {"", alg} and signed.fits(alg, self.key)


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """What an application signs with and is written to with."""

    keys: tuple[ClientKey, ...] = ()

    def has(self, kid: str) -> bool:
        """Return whether a key has that name."""
        return any(each.kid == kid for each in self.keys)

    def verifying(self, kid: str, alg: str) -> tuple[ClientKey, ...]:
        """Return the keys that a signature may be by; without ``kid`` all that fit."""
        return tuple(each for each in self.keys if each.signs(alg) and (not kid or each.kid == kid))

    @property
    def certificates(self) -> frozenset[str]:
        """Return the certificates that stand beside keys (RFC 8705 §2.2.2)."""
        return frozenset(each.certificate for each in self.keys if each.certificate)


NONE: Final = ClientKeys()


def read_set(text: str) -> ClientKeys:
    """Read a key set; keys of a kind that is not known are passed over (RFC 7517 §5).

    Raises:
        UnreadableError: it is no key set, holds a private or a shared key, or a weak one.

    """
    if len(text) > MAXIMUM_LENGTH:
        raise UnreadableError("the key set is too long")
    listed = signed.members_of(text).get("keys")
    if not isinstance(listed, list):
        raise UnreadableError("the key set has no list of keys")
    if len(listed) > MOST_KEYS:
        raise UnreadableError(f"the key set has more than {MOST_KEYS} keys")
    return ClientKeys(tuple(_keys(listed)))


def _keys(listed: list[Any]) -> Iterator[ClientKey]:
    named: set[str] = set()
    for jwk in listed:
        if not isinstance(jwk, dict):
            raise UnreadableError("a key is no object")
        key = public_key(jwk)
        if key is None:
            continue
        kid = signed.Signed.text_of(jwk, "kid")
        if kid and kid in named:
            raise UnreadableError("two keys have one name")
        named.add(kid)
        yield ClientKey(
            key=key,
            kid=kid if len(kid) <= LONGEST_KID else "",
            alg=signed.usual_name(signed.Signed.text_of(jwk, "alg")),
            use=signed.Signed.text_of(jwk, "use"),
            certificate=_certificate(jwk.get("x5c")),
        )


def public_key(jwk: dict[str, Any]) -> Key | None:
    """Return a key made of the public members alone, None where its kind is not known.

    Raises:
        UnreadableError: it is private, shared, weak, or no key.

    """
    if not PRIVATE_MEMBERS.isdisjoint(jwk) or jwk.get("kty") == "oct":
        raise UnreadableError("a key is not public")
    kind = jwk.get("kty")
    if not isinstance(kind, str) or kind not in PUBLIC_MEMBERS:
        return None
    values = tuple(jwk.get(name) for name in PUBLIC_MEMBERS[kind])
    if not all(isinstance(value, str) and value for value in values):
        raise UnreadableError("a key lacks a member")
    if kind != "RSA" and jwk["crv"] not in CURVES[kind]:
        return None
    return _key(kind, values)


# Whoever sends proofs sends the same key with each.
@lru_cache(maxsize=1024)
def _key(kind: str, values: tuple[str, ...]) -> Key:
    members: dict[str, Any] = dict(zip(PUBLIC_MEMBERS[kind], values, strict=True))
    return _rsa(members) if kind == "RSA" else _curve(kind, members)


def _rsa(members: dict[str, Any]) -> Key:
    modulus, exponent = signed.decoded(members["n"]), signed.decoded(members["e"])
    bits = int.from_bytes(modulus).bit_length() if len(modulus) <= MOST_RSA_BITS else 0
    if not LEAST_RSA_BITS <= bits <= MOST_RSA_BITS:
        raise UnreadableError(f"an RSA key has {LEAST_RSA_BITS} to {MOST_RSA_BITS} bits")
    power = int.from_bytes(exponent)
    if not LEAST_EXPONENT <= power < MOST_EXPONENT or not power % 2:
        raise UnreadableError("an RSA key has an unusual exponent")
    return _made(RSAKey, members)


def _curve(kind: str, members: dict[str, Any]) -> Key:
    for name in ("x", "y"):
        if name in members:
            signed.decoded(members[name])
    return _made(ECKey if kind == "EC" else OKPKey, members)


def _made(kind: type[RSAKey | ECKey | OKPKey], members: dict[str, Any]) -> Key:
    try:
        key = kind.import_key(members)
        # The library looks at the numbers only when they are used.
        key.public_key  # noqa: B018 - it raises where there is no such point
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        raise UnreadableError("a key cannot be read") from None
    return key


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return the SHA-256 thumbprint of a public key (RFC 7638) that ``public_key`` has taken."""
    pairs = ",".join(f'"{name}":"{jwk[name]}"' for name in PUBLIC_MEMBERS[jwk["kty"]])
    return signed.encoded(hashlib.sha256(f"{{{pairs}}}".encode("ascii")).digest())


def _certificate(chain: Any) -> str:
    """Return the thumbprint of the first certificate of an ``x5c`` (RFC 7517 §4.7)."""
    if not isinstance(chain, list) or not chain or not isinstance(chain[0], str):
        return ""
    try:
        data = base64.b64decode(chain[0], validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError("a certificate beside a key cannot be read") from None
    return signed.encoded(hashlib.sha256(data).digest())


def signed_by(found: Signed, keys: ClientKeys, algorithms: Collection[str]) -> bool:
    """Return whether one of the application's keys made the signature."""
    if found.alg not in algorithms:
        return False
    return any(
        signed.verify(found, each.key, algorithms=algorithms)
        for each in keys.verifying(found.kid, found.alg)
    )
