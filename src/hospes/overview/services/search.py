"""Search over what a person can reach: pages, their own things, guides.

Rooms contribute sources; ``config/wiring.py`` binds them. A source looks only at what the
request's account may see, and answers in the request's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from hospes.overview.domain import matching
from hospes.overview.domain.matching import Found

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Source = Callable[[HttpRequest, tuple[str, ...]], Iterable[Found]]

LIMIT_PER_GROUP = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one source under its heading."""

    label: str
    found: tuple[Found, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Registered:
    label: str | _StrPromise
    source: Source
    order: int


_sources: dict[str, _Registered] = {}


def register(name: str, label: str | _StrPromise, source: Source, *, order: int = 100) -> None:
    """Add or replace a source; groups are shown by ``order``."""
    _sources[name] = _Registered(label, source, order)


def search(request: HttpRequest, query: str) -> tuple[Group, ...]:
    """Return what matches every word of ``query``, grouped; empty groups are left out."""
    words = matching.words(query)
    if not words:
        return ()
    groups = []
    for registered in sorted(_sources.values(), key=lambda item: item.order):
        found = matching.best_first(words, registered.source(request, words))
        if found:
            groups.append(
                Group(
                    label=str(registered.label),
                    found=found[:LIMIT_PER_GROUP],
                    more=len(found) > LIMIT_PER_GROUP,
                )
            )
    return tuple(groups)
