"""What staff see: every event, also those that were deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.status.models import StatusEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

MOST_TERMS = 10


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events; "" leaves the choice open."""

    words: str = ""
    kind: str = ""
    status: str = ""
    deleted: bool = False


def listed(filters: Filters) -> QuerySet[StatusEvent]:
    """Return the events that match, newest first."""
    rows = StatusEvent.objects.filter(deleted_at__isnull=not filters.deleted)
    for name in ("kind", "status"):
        value = getattr(filters, name)
        if value:
            rows = rows.filter(**{name: value})
    for term in filters.words.casefold().split()[:MOST_TERMS]:
        rows = rows.filter(search_text__contains=term)
    return rows.order_by("-starts_at", "-pk")


def every(filters: Filters) -> Iterator[StatusEvent]:
    """Yield all that match, row by row."""
    return listed(filters).iterator(chunk_size=500)


def any_event() -> bool:
    """Return whether there was ever an event."""
    return StatusEvent.objects.exists()
