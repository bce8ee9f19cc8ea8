"""Characters that nobody sees, or that make text read otherwise than it stands."""

from __future__ import annotations

import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Formatting characters that words in some scripts, and emoji, need: joiners.
_JOINERS = frozenset("\u200c\u200d")
# Letters and signs that are drawn as nothing: Hangul fillers, the empty Braille cell.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def has_hidden(text: str) -> bool:
    """Return whether ``text`` holds a character that cannot be seen, or turns its direction."""
    return any(
        sign in _BLANKS or (unicodedata.category(sign) in _CATEGORIES and sign not in _JOINERS)
        for sign in text
    )


def is_blank(text: str) -> bool:
    """Return whether nothing of ``text`` is seen."""
    return all(sign in _BLANKS or unicodedata.category(sign)[0] in {"C", "Z", "M"} for sign in text)
