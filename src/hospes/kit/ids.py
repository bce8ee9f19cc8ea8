"""Names made of letters and digits, out of bytes that are passed in."""

from __future__ import annotations

import math

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
# Ten digits fit into a machine word, and dividing that is cheap.
_CHUNK = 10
# Bytes beyond what the digits hold, so that no digit is more likely than another (2^-64).
_SPARE_BYTES = 8


def base62(data: bytes, length: int) -> str:
    """Return ``data``, read as one big-endian number, as exactly ``length`` base62 digits.

    Shorter numbers are padded with zeros on the left; of longer ones the lowest digits stay.
    For a random name pass ``bytes_for(length)`` random bytes.
    """
    if length < 1:
        raise ValueError("a name has at least one digit")
    number = int.from_bytes(data, "big")
    pairs: list[str] = []
    for _ in range(0, length, _CHUNK):
        number, word = divmod(number, 62**_CHUNK)
        for _pair in range(_CHUNK // 2):
            word, pair = divmod(word, 62 * 62)
            pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))[-length:]


def bytes_for(length: int) -> int:
    """Return how many random bytes give ``length`` digits without bias worth naming."""
    return math.ceil(length * math.log2(62) / 8) + _SPARE_BYTES
