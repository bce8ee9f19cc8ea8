"""Names of work teams: tidied, and told apart without regard to case."""

from __future__ import annotations

import unicodedata

LONGEST = 128


def tidy(name: str) -> str:
    """Return the name with its spaces put in order (NFC)."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """Return what two names have in common that are taken for the same; at most 384 characters."""
    return unicodedata.normalize("NFC", tidy(name).casefold())
