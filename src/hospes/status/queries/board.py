"""What the public page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from hospes.foundation import numbers
from hospes.status.domain import moves
from hospes.status.models import StatusEvent

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the history a page begins: after this event."""

    starts_at: datetime
    event_id: int


@dataclass(frozen=True, slots=True)
class History:
    """A page of what is over, newest first; ``older``: where the next one begins."""

    events: tuple[StatusEvent, ...]
    older: Place | None


def revision() -> str:
    """Return a text that any change of any event changes."""
    # Versions only grow and rows stay.
    found = StatusEvent.objects.aggregate(events=Count("pk"), changes=Sum("version"))
    return f"{found['events']}.{found['changes'] or 0}"


def current() -> tuple[StatusEvent, ...]:
    """Return what goes on and what is planned, with their updates: two queries."""
    rows = StatusEvent.objects.filter(
        deleted_at=None, status__in=(moves.PLANNED, moves.ONGOING, moves.MONITORED)
    )
    return tuple(rows.order_by("starts_at", "pk").prefetch_related("updates"))


def history(after: Place | None = None) -> History:
    """Return a page of what is over: one query."""
    size = numbers.get("status.history_events")
    rows = StatusEvent.objects.filter(deleted_at=None, status__in=moves.OVER)
    if after is not None:
        rows = rows.filter(
            Q(starts_at__lt=after.starts_at) | Q(starts_at=after.starts_at, pk__lt=after.event_id)
        )
    found = tuple(rows.order_by("-starts_at", "-pk")[: size + 1])
    events = found[:size]
    if len(found) <= size:
        return History(events, None)
    return History(events, Place(events[-1].starts_at, events[-1].pk))


def by_id(event_id: int, *, with_deleted: bool = False) -> StatusEvent | None:
    """Return one event with its updates; None where there is none to see."""
    rows = StatusEvent.objects.filter(pk=event_id).prefetch_related("updates")
    return (rows if with_deleted else rows.filter(deleted_at=None)).first()


def newest() -> tuple[StatusEvent, ...]:
    """Return the events of the feed, whatever changed last first, with their updates."""
    rows = StatusEvent.objects.filter(deleted_at=None).order_by("-updated_at", "-pk")
    return tuple(rows.prefetch_related("updates")[: numbers.get("status.feed_events")])
