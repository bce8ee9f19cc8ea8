"""What a new password must be. Pure; the numbers and the look-ups are passed in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Normalization can lengthen a text up to 18 times; nobody types more than this.
RAW_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """The provider's numbers: lengths in characters, strength on zxcvbn's scale 0-4."""

    minimum_length: int = 12
    maximum_length: int = 128
    minimum_strength: int = 3


def normalize(password: str) -> str:
    """Return the password as it is hashed and measured: Unicode NFKC (NIST SP 800-63B 5.1.1.2).

    Every place that hashes or verifies a password goes through here, so that the same keys on
    another keyboard or system give the same password. Text beyond ``RAW_LIMIT`` is cut before the
    work, at a length that is refused anyway.
    """
    return unicodedata.normalize("NFKC", password[:RAW_LIMIT])


def length_fault(password: str, rules: PasswordRules) -> str:
    """Return ``"too_short"``, ``"too_long"`` or ``""`` for a normalized password."""
    if len(password) < rules.minimum_length:
        return "too_short"
    if len(password) > rules.maximum_length:
        return "too_long"
    return ""


def guessing_words(inputs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words a guesser who knows the person would try first.

    Names and addresses are taken whole and in pieces: ``anna.meier@example.org`` gives also
    ``anna.meier``, ``anna``, ``meier`` and ``example``. At most 16 words of at most 40 characters.
    """
    words: dict[str, None] = {}
    for text in inputs:
        lowered = text.strip().lower()
        local, _, host = lowered.partition("@")
        pieces = "".join(sign if sign.isalnum() else " " for sign in f"{local} {host}").split()
        for word in (lowered, local, *pieces):
            if len(word) >= 3:  # noqa: PLR2004 - shorter pieces match everywhere by chance
                words.setdefault(word[:40])
    return tuple(words)[:16]
