"""The form of an application password: five groups of four, such as ``abcd-efgh-jkmn-pqrs-tuvw``.

Small letters and digits, without those that look alike on a phone (0 and o; 1, i and l): 31 signs,
and so a little more than 99 random bits. No token of ours is that short, which tells them apart.
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 20
GROUP = 4
LONGEST_TYPED = 39
"""As many characters are looked at: all of the password's, and a separator between any two."""
# A byte is one of eight turns through the alphabet; the bytes beyond would favour its beginning.
_SIGNS = (ALPHABET.encode("ascii") * 9)[:256]
_BEYOND = bytes(range(8 * len(ALPHABET), 256))
RANDOM_BYTES = 2 * LENGTH
"""How many random bytes ``make`` takes: less than once in 10^25 times they do not suffice."""
_SHAPE = re.compile(f"[{ALPHABET}{ALPHABET.upper()}]{{{LENGTH}}}", re.ASCII)
# Hyphens of every kind, and spaces: telephones put their own in place of what was typed.
_SEPARATORS = frozenset({"Pd", "Zs"})


def make(data: bytes) -> str:
    """Return the password that ``RANDOM_BYTES`` random bytes give, without separators.

    Raises:
        ValueError: too few of the bytes can be used.

    """
    signs = data.translate(_SIGNS, _BEYOND)
    if len(signs) < LENGTH:
        raise ValueError("too few random bytes for an application password")
    return signs[:LENGTH].decode("ascii")


def shown(password: str) -> str:
    """Return a password as people read it, in groups."""
    return "-".join(password[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(typed: str) -> str:
    """Return what ``make`` gave, out of what was typed; "" where it is no such password.

    Separators and upper case do not count.
    """
    if not LENGTH <= len(typed) <= LONGEST_TYPED:
        return ""
    if not typed.isalnum():
        typed = "".join(each for each in typed if unicodedata.category(each) not in _SEPARATORS)
    return typed.lower() if _SHAPE.fullmatch(typed) else ""
