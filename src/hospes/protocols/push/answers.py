"""What the phone signs, with a key that never leaves it: ECDSA P-256 and SHA-256 (FIPS 186-5).

Keys travel as JWK (RFC 7517), signatures as base64url of r||s, 64 bytes (IEEE P1363), which is
what a browser's ``crypto.subtle`` makes.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "hospes-push-v1"
APPROVE = "approve"
REFUSE = "refuse"
_HALF = 32


class NotAKey(ValueError):
    """The JWK is no public key on P-256."""


def signed_text(*, issuer: str, uuid: str, nonce: str, answer: str, number: str = "") -> bytes:
    """Return what is signed: six lines, the last one empty where no number belongs to it."""
    text = f"{VERSION}\n{issuer}\n{uuid}\n{nonce}\n{answer}\n{number}"
    return text.encode("utf-8", "surrogatepass")


def canonical_key(jwk: object) -> str:
    """Return the public key as the JSON text that is kept: nothing but what makes it up.

    Raises:
        NotAKey: it is no point on P-256, or a private key.

    """
    if not isinstance(jwk, dict) or "d" in jwk:
        raise NotAKey("a public key as a JWK is needed")
    _load(jwk)
    return json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))


def is_signed(key: str, text: bytes, signature: str) -> bool:
    """Return whether the holder of the key in ``key`` (of ``canonical_key``) signed ``text``."""
    raw = _decoded(signature, 2 * _HALF)
    if raw is None:
        return False
    numbers = (int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        _load(json.loads(key)).verify(
            encode_dss_signature(*numbers), text, ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return True


def sign(private_key: ec.EllipticCurvePrivateKey, text: bytes) -> str:
    """Sign ``text`` as the phone does."""
    numbers = decode_dss_signature(private_key.sign(text, ec.ECDSA(hashes.SHA256())))
    return encoded(b"".join(number.to_bytes(_HALF, "big") for number in numbers))


def jwk_of(public_key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return a public key on P-256 as a JWK."""
    point = public_key.public_numbers()
    x, y = (encoded(value.to_bytes(_HALF, "big")) for value in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def encoded(data: bytes) -> str:
    """Return base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _load(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise NotAKey("the key must be on P-256")
    x, y = _decoded(jwk.get("x"), _HALF), _decoded(jwk.get("y"), _HALF)
    if x is None or y is None:
        raise NotAKey("the key's coordinates are 32 bytes each, base64url")
    point = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    try:
        return point.public_key()
    except ValueError as error:
        raise NotAKey("the point is not on the curve") from error


def _decoded(text: object, length: int) -> bytes | None:
    """Return the bytes of strict base64url without padding, None where it is not so many."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == length and encoded(data) == text else None
