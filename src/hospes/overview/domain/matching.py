"""Which of a list of things a search means."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: where it leads and what to show for it."""

    title: str
    url: str
    note: str = ""
    icon: str = "file"


def fold(text: str) -> str:
    """Return ``text`` without case and accents, so that "securite" finds "Sécurité"."""
    # Letters hidden in compatibility characters come out first, and folding may compose anew.
    plain = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(query: str) -> tuple[str, ...]:
    """Return the folded words of a query; what is past 100 characters is left out."""
    return tuple(fold(query[:_LONGEST]).split())


def matches(query: tuple[str, ...], *texts: str) -> bool:
    """Return whether every word of ``query`` is in one of ``texts``; no words match nothing."""
    folded = [fold(text) for text in texts]
    return bool(query) and all(any(word in text for text in folded) for word in query)


def best_first(query: tuple[str, ...], found: Iterable[Found]) -> tuple[Found, ...]:
    """Return ``found`` with titles that begin with the query's first word in front."""
    if not query:
        return tuple(found)

    def rank(item: Found) -> tuple[bool, bool, str]:
        title = fold(item.title)
        return (not title.startswith(query[0]), query[0] not in title, title)

    return tuple(sorted(found, key=rank))
