"""Narrows, orders and cuts lists as the query asks; totals are of everything that matches."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hospes.foundation import numbers
from hospes.rest import cursors
from hospes.rest.answers import Listed, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet

    from hospes.rest.words import Asked, Query


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a list that is answered, and what stands beside it in the envelope."""

    items: list[Any]
    beside: dict[str, Any]


def page_size() -> int:
    """Return how many items a page holds where the request does not say."""
    return min(numbers.get("api.page_size"), largest_page())


def largest_page() -> int:
    """Return how many items a page may hold at most."""
    return numbers.get("api.largest_page")


def cut(answer: Rows | Listed, query: Query, asked: Asked) -> Cut | int:
    """Return the part of ``answer`` that was asked for; a number where only the total was.

    Raises:
        Problem: where the cursor belongs to no list like this.

    """
    if isinstance(answer, Rows):
        return _cut_rows(answer, query, asked)
    return _cut_list(answer, query, asked)


# ---- rows of the database --------------------------------------------------------------------


def narrowed(rows: QuerySet[Any], query: Query, asked: Asked) -> QuerySet[Any]:
    """Return ``rows`` that match the filters, words and search."""
    for declared, sent in ((query.filters, asked.filters), (query.words, asked.words)):
        for name, value in sent.items():
            word = declared[name]
            if word.apply is not None:
                rows = word.apply(rows, value)
            elif word.field:
                rows = rows.filter(**{f"{word.field}__in" if word.many else word.field: value})
    for term in asked.search.split()[:10]:
        either = (Q(**{f"{path}__icontains": term}) for path in query.search)
        rows = rows.filter(reduce(operator.or_, either))
    return rows


def _cut_rows(answer: Rows, query: Query, asked: Asked) -> Cut | int:
    rows = narrowed(answer.rows, query, asked)
    if asked.total_only:
        return rows.order_by().count()
    if asked.cursor is not None:
        size = asked.limit or page_size()
        ordered = cursors.ordered(rows, query, asked.order)
        found = list(cursors.after(ordered, asked.cursor)[: size + 1])
        more = len(found) > size
        found = found[:size]
        mark = cursors.of(ordered, found[-1]) if more else None
        return Cut(_shaped(answer, found), {"cursor": mark, "has_more": more})
    ordered = cursors.ordered(rows, query, asked.order)
    if _paged(asked):
        page, size = asked.page or 1, asked.per_page or page_size()
        total = rows.order_by().count()
        start = (page - 1) * size
        found = list(ordered.rows[start : start + size]) if start < total else []
        return Cut(_shaped(answer, found), _pages(total, page, size))
    start, size = asked.skip or 0, asked.limit or largest_page()
    found = list(ordered.rows[start : start + size + 1])
    more = len(found) > size
    found = found[:size]
    beside: dict[str, Any] = {}
    if more and asked.limit is None and not start:
        # Longer than one answer may be: say so, and how to go on.
        total = rows.order_by().count()
        mark = cursors.of(ordered, found[-1])
        beside = {**_pages(total, 1, size), "cursor": mark, "has_more": True}
    elif asked.limit is not None:
        beside = {"has_more": more, "cursor": cursors.of(ordered, found[-1]) if more else None}
    elif start:
        beside = {"has_more": more}
    return Cut(_shaped(answer, found), beside)


def _paged(asked: Asked) -> bool:
    return asked.page is not None or asked.per_page is not None


def _pages(total: int, page: int, size: int) -> dict[str, Any]:
    return {
        "total": total,
        "page": page,
        "pages": -(-total // size),
        "items_per_page": size,
    }


def _shaped(answer: Rows | Listed, found: Sequence[Any]) -> list[Any]:
    return list(answer.shape(found)) if answer.shape is not None else list(found)


# ---- lists in memory -------------------------------------------------------------------------


def _cut_list(answer: Listed, query: Query, asked: Asked) -> Cut | int:
    items = list(_matching(answer.items, query, asked))
    if asked.total_only:
        return len(items)
    for name, descending in reversed(asked.order):
        # ``reverse`` leaves equal items in their order.
        items.sort(key=_by(query.order[name]), reverse=descending)
    if asked.cursor is not None:
        size = asked.limit or page_size()
        start = cursors.place(asked.cursor, asked.order)
        more = start + size < len(items)
        mark = cursors.at(start + size, asked.order) if more else None
        return Cut(_shaped(answer, items[start : start + size]), {"cursor": mark, "has_more": more})
    if _paged(asked):
        page, size = asked.page or 1, asked.per_page or page_size()
        start = (page - 1) * size
        return Cut(_shaped(answer, items[start : start + size]), _pages(len(items), page, size))
    start = asked.skip or 0
    end = len(items) if asked.limit is None else start + asked.limit
    beside = {}
    if asked.limit is not None or start:
        more = end < len(items)
        mark = cursors.at(end, asked.order) if more else None
        beside = {"has_more": more, "cursor": mark}
    return Cut(_shaped(answer, items[start:end]), beside)


def _matching(items: Iterable[Any], query: Query, asked: Asked) -> Iterable[Any]:
    terms = [term.casefold() for term in asked.search.split()[:10]]
    for declared, sent in ((query.filters, asked.filters), (query.words, asked.words)):
        for name, value in sent.items():
            word = declared[name]
            if word.apply is not None:
                items = word.apply(items, value)
            elif word.field:
                items = _where(items, word.field, value if word.many else (value,))
    for item in items:
        texts = [str(operator.attrgetter(path)(item)).casefold() for path in query.search]
        if all(any(term in text for text in texts) for term in terms):
            yield item


def _where(items: Iterable[Any], path: str, values: Sequence[Any]) -> Iterable[Any]:
    get = operator.attrgetter(path)
    return [item for item in items if get(item) in values]


def _by(path: str) -> Callable[[Any], Any]:
    """Return what an attribute is ordered by: texts without regard to case."""
    get = operator.attrgetter(path)

    def key(item: Any) -> Any:
        value = get(item)
        return value.casefold() if isinstance(value, str) else value

    return key
