"""What lists of this room have in common: what was searched for, pages, files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.utils import timezone

from hospes.kit import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpRequest

LONGEST_SEARCH = 200
PAGE = 50
CHUNK = 500
# A 64-bit key has 19 digits; 18 are always within it.
_ID_DIGITS = 18


def words_of(request: HttpRequest) -> str:
    """Return what was searched for."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def key_of(text: str) -> int | None:
    """Return a row's key out of an address; None for anything that is none."""
    usable = text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS
    return int(text) if usable else None


def page_of(request: HttpRequest, found: QuerySet[Any], size: int = PAGE) -> Page[Any]:
    """Return the page that the address asks for; one that is not there becomes the nearest."""
    return Paginator(found, size).get_page(request.GET.get("page"))


def query_of(request: HttpRequest) -> str:
    """Return the filters of the address without the page, for other addresses."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def in_chunks(found: QuerySet[Any, Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield what is found in pieces; the order has to be complete."""
    start = 0
    while piece := list(found[start : start + size]):
        yield piece
        start += size


def csv_file(
    name: str, head: Sequence[object], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """Stream a table as a CSV file of that name and today's date."""

    def lines() -> Iterator[str]:
        # Spreadsheets recognise UTF-8 by its mark.
        yield "\ufeff" + csv_text.line(head)
        yield from csv_text.lines(rows)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
