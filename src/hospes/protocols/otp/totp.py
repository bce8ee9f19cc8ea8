"""Time-based one-time codes (RFC 6238 over RFC 4226, HMAC-SHA-1 as every app speaks it)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from urllib.parse import quote, urlencode

SEED_BYTES = 20
"""RFC 4226 §4 asks for at least 16 bytes and recommends 20."""


def step_at(seconds: int, *, period: int) -> int:
    """Return the time step of ``seconds`` since 1970; ``period`` in seconds (RFC 6238 §4.2)."""
    return seconds // period


def code(seed: bytes, step: int, *, digits: int) -> str:
    """Return the code of one time step, with leading zeros (RFC 4226 §5.3)."""
    digest = hmac.digest(seed, struct.pack(">Q", step), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = struct.unpack_from(">I", digest, at)[0] & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def typed_digits(text: str) -> str:
    """Return the digits of what a person typed: "123 456" and "123-456" are meant as one code."""
    return "".join(character for character in text if character.isascii() and character.isdigit())


def matching_step(
    seed: bytes, typed: str, *, now: int, period: int, digits: int, window: int, after: int
) -> int | None:
    """Return the step whose code ``typed`` is, ``None`` where it is none.

    Steps from ``window`` before ``now`` (seconds since 1970) to ``window`` after it count, and
    only those later than ``after``: no step is accepted twice (RFC 6238 §5.2). The time this takes
    does not depend on which of them matches.
    """
    given = typed_digits(typed).encode("ascii")
    present = step_at(now, period=period)
    found = None
    for step in range(max(present - window, 0), present + window + 1):
        right = hmac.compare_digest(code(seed, step, digits=digits).encode("ascii"), given)
        if right and step > after and found is None:
            found = step
    return found


def secret_text(seed: bytes) -> str:
    """Return the seed as apps take it typed: base32 without padding (RFC 4648 §6)."""
    return base64.b32encode(seed).decode("ascii").rstrip("=")


def provisioning_uri(seed: bytes, *, issuer: str, account: str, digits: int, period: int) -> str:
    """Return the ``otpauth://`` address that a QR code holds for an app (Key URI Format)."""
    label = quote(f"{issuer}:{account}", safe="@")
    values = {
        "secret": secret_text(seed),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": str(digits),
        "period": str(period),
    }
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"
