"""The form of an API token: ``hsp_pat_``, 30 random base62 digits, 6 of their CRC-32.

The checksum lets a scanner tell a real one from a lookalike without asking anybody. It proves
nothing about whether the token is alive.
"""

from __future__ import annotations

import hashlib
import re
import zlib

from hospes.kit.ids import ALPHABET, base62, bytes_for

PREFIX = "hsp_pat_"
RANDOM_DIGITS = 30
CHECK_DIGITS = 6  # 62^6 is more than 2^32.
LENGTH = len(PREFIX) + RANDOM_DIGITS + CHECK_DIGITS
RANDOM_BYTES = bytes_for(RANDOM_DIGITS)
"""How many random bytes ``make`` takes."""

_SHAPE = re.compile(r"hsp_pat_[0-9A-Za-z]{36}")


def checksum(digits: str) -> str:
    """Return the CRC-32 (ISO 3309) of ``digits`` in base62, six digits with leading zeros."""
    number = zlib.crc32(digits.encode("ascii"))
    written = ""
    for _ in range(CHECK_DIGITS):
        number, digit = divmod(number, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written


def make(data: bytes) -> str:
    """Return the token that ``RANDOM_BYTES`` random bytes give."""
    digits = base62(data, RANDOM_DIGITS)
    return f"{PREFIX}{digits}{checksum(digits)}"


def has_shape(text: str) -> bool:
    """Return whether ``text`` has the prefix, the length and the letters of a token."""
    return _SHAPE.fullmatch(text) is not None


def is_genuine(text: str) -> bool:
    """Return whether ``text`` has the form of a token and its checksum is right."""
    if not has_shape(text):
        return False
    return checksum(text[len(PREFIX) : -CHECK_DIGITS]) == text[-CHECK_DIGITS:]


def hash_of(token: str) -> str:
    """Return what is stored of a token: SHA-256 is enough for more than 178 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
