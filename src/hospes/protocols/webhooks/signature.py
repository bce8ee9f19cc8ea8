"""Secrets and signatures (Standard Webhooks, "Signature scheme")."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "whsec_"
# Bytes of a secret's key.
SHORTEST, LONGEST = 24, 64
_VERSION = "v1"


def secret_of(key: bytes) -> str:
    """Return a key as its receiver writes it into a configuration.

    Raises:
        ValueError: the key has fewer than 24 or more than 64 bytes.

    """
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a key has {SHORTEST} to {LONGEST} bytes")
    return PREFIX + base64.b64encode(key).decode("ascii")


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    Raises:
        ValueError: it is not a secret.

    """
    if not secret.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is base64") from error
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a key has {SHORTEST} to {LONGEST} bytes")
    return key


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature: HMAC-SHA256 over id, seconds since 1970 and body, joined by dots."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    return f"{_VERSION},{base64.b64encode(digest).decode('ascii')}"


def headers(
    secrets: Sequence[str], *, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the three headers; with several secrets, as while one is replaced, each signs."""
    signatures = (
        sign(secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
