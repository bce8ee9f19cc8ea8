"""`/status`: what everybody may know about the provider's services."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hospes.foundation.errors import NotFound
from hospes.status.domain import moves
from hospes.status.queries import board as queries
from hospes.status.web import freshness, presenting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
LARGEST_ID = 2**63 - 1


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what goes on, what is planned, and a page of what was: four queries."""
    return freshness.answer(request, lambda: _board(request))


def _board(request: HttpRequest) -> HttpResponse:
    place = _place(request.GET.get("before", ""))
    current = queries.current()
    past = queries.history(place)
    lines = [presenting.line(event) for event in current]
    context = {
        "summary": presenting.summary(current),
        "going_on": [line for line in lines if not line.is_planned],
        "planned": [line for line in lines if line.is_planned],
        "months": [
            (month, list(members))
            for month, members in groupby(
                (presenting.line(event, with_updates=False) for event in past.events),
                key=lambda line: presenting.month(line.event.starts_at),
            )
        ],
        "older": f"?before={_written(past.older)}#history" if past.older else "",
        "later": place is not None,
        **zone(request),
    }
    return render(request, "status/board.html", context)


@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show one event with its updates."""
    return freshness.answer(request, lambda: _event(request, event_id))


def _event(request: HttpRequest, event_id: int) -> HttpResponse:
    found = queries.by_id(event_id) if event_id <= LARGEST_ID else None
    if found is None:
        raise NotFound
    context = {
        "line": presenting.line(found),
        "is_going_on": found.status in moves.GOING_ON,
        **zone(request),
    }
    return render(request, "status/event.html", context)


def zone(request: HttpRequest) -> dict[str, object]:
    """Return the time zone of the page's times, and whether the browser may put in its own."""
    return {
        "zone": str(timezone.get_current_timezone()),
        "zone_is_guessed": getattr(request, "account", None) is None,
    }


def _place(text: str) -> queries.Place | None:
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    try:
        # Microseconds: what began in the same second keeps its order.
        moment = datetime.fromtimestamp(int(found[1]) // 1_000_000, UTC)
        moment = moment.replace(microsecond=int(found[1]) % 1_000_000)
    except (ValueError, OverflowError, OSError):
        return None
    return queries.Place(moment, int(found[2]))


def _written(place: queries.Place) -> str:
    moment = place.starts_at
    return f"{int(moment.timestamp()) * 1_000_000 + moment.microsecond}.{place.event_id}"
