"""Backup codes: few, each good once, made to be written down and read out."""

from __future__ import annotations

import hashlib

# Crockford's base 32: no letter that is mistaken for a digit, or the other way round.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("OIL", "011")
LENGTH = 10
"""Ten letters hold 50 bits: nobody guesses one of ten in the few tries there are."""


def make(data: bytes) -> str:
    """Return a code such as ``7KQ2M-XR4TD`` out of ``LENGTH`` random bytes."""
    text = "".join(_LETTERS[byte % len(_LETTERS)] for byte in data[:LENGTH])
    return f"{text[:5]}-{text[5:]}"


def normalise(typed: str) -> str:
    """Return a code as it is compared: letters and digits only, lookalikes as they are meant."""
    kept = "".join(each for each in typed.upper() if each.isascii() and each.isalnum())
    return kept.translate(_MEANT)


def fingerprint(code: str, *, account_id: str) -> str:
    """Return what is stored of a code: SHA-256 over the account's public ID and the code.

    The same code of another account looks different.
    """
    return hashlib.sha256(f"{account_id}:{normalise(code)}".encode()).hexdigest()
