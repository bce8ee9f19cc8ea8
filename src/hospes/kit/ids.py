"""Names made of letters and digits, out of bytes that are passed in."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# A byte is one of four turns through the alphabet; the bytes beyond would favour its beginning.
_DIGITS = (ALPHABET.encode("ascii") * 5)[:256]
_BEYOND = bytes(range(4 * len(ALPHABET), 256))


def base62(data: bytes, length: int) -> str:
    """Return ``length`` base62 digits, each out of one byte of ``data``, all equally likely.

    The same bytes give the same name. For a random one pass ``bytes_for(length)`` random bytes;
    with so many it comes to pass less than once in 10^13 names that some must be used twice.

    Raises:
        ValueError: there are fewer bytes than digits, or no digit is asked for.

    """
    if not 1 <= length <= len(data):
        raise ValueError("a name has at least one digit, and a byte for each")
    name = data.translate(_DIGITS, _BEYOND)
    if len(name) < length:
        name += data.translate(_DIGITS)
    return name[:length].decode("ascii")


def bytes_for(length: int) -> int:
    """Return how many random bytes give ``length`` digits without bias worth naming."""
    return length + length // 2 + 8
