"""Texts in several languages: which one a reader gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in; both "" where there is none at all."""

    text: str = ""
    language: str = ""


def preferred(language: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the languages to look for: the reader's, English, then the others as they come."""
    return tuple(dict.fromkeys((language, ENGLISH, *known)))


def said(texts: Mapping[str, str], language: str) -> Said:
    """Return the text in ``language``, or in the next best one that there is."""
    for code in preferred(language, texts):
        if texts.get(code):
            return Said(texts[code], code)
    return Said()
