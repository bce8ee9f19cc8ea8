"""What an endpoint hands back to the frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Item:
    """One thing, or ``True`` where there is nothing to say but that it was done."""

    data: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the database, not narrowed, ordered or cut yet: the frame does that.

    ``shape`` makes answers of one page's rows, all at once, so that what it loads besides takes
    a fixed number of queries. The rows' key breaks ties.
    """

    rows: QuerySet[Any]
    shape: Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that is in memory anyway; ``order`` and ``search`` name attributes of its items.

    The frame orders, searches and cuts it. Its own order breaks ties.
    """

    items: Sequence[Any]
    shape: Callable[[Sequence[Any]], Iterable[Any]] | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """Work that goes on after the answer: the identifier of its task (``/1/async/tasks``)."""

    task: str


DONE = Item(True)
Answer = Item | Rows | Listed | Started
