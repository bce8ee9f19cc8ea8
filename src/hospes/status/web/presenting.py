"""Events as a page shows them, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_skeleton
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.status.domain import moves
from hospes.status.domain.texts import Said, said
from hospes.status.forms import KINDS, status_label
from hospes.status.queries import going_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    from hospes.status.models import StatusEvent, StatusUpdate

# A 64-bit row id has 19 digits; 18 are always within it.
_ID_DIGITS = 18
_BADGES = {
    moves.PLANNED: "info",
    moves.ONGOING: "danger",
    moves.MONITORED: "warning",
    moves.RESOLVED: "success",
    moves.CANCELLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """One update in the reader's language."""

    at: datetime
    label: StrOrPromise
    badge: str
    text: Said


@dataclass(frozen=True, slots=True)
class Line:
    """One event in the reader's language."""

    event: StatusEvent
    url: str
    kind: StrOrPromise
    label: StrOrPromise
    badge: str
    title: Said
    text: Said
    updates: tuple[UpdateLine, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Return whether its end was; what was called off before it began has only a plan."""
        event = self.event
        ended = event.ends_at is not None and event.ends_at <= event.updated_at
        return event.status in moves.OVER and ended

    @property
    def is_planned(self) -> bool:
        """Return whether it is still to come."""
        return self.event.status == moves.PLANNED


@dataclass(frozen=True, slots=True)
class Summary:
    """What is happening now in one sentence, and how serious that is."""

    text: str
    kind: str
    icon: str


def badge(kind: str, status: str) -> str:
    """Return the badge of a status; what was announced alarms nobody."""
    if status == moves.ONGOING and kind == moves.MAINTENANCE:
        return "warning"
    return _BADGES[status]


def line(event: StatusEvent, language: str = "", *, with_updates: bool = True) -> Line:
    """Return one event in ``language``, else the page's; updates are loaded beforehand."""
    language = language or translation.get_language() or "en"
    title = said(event.titles, language)
    return Line(
        event=event,
        url=reverse("status_event", args=[event.pk]) if event.pk else "",
        kind=KINDS[event.kind],
        label=status_label(event.kind, event.status),
        badge=badge(event.kind, event.status),
        title=title,
        text=said(event.descriptions, title.language),
        updates=tuple(update_line(event.kind, each, language) for each in event.updates.all())
        if with_updates
        else (),
    )


def update_line(kind: str, update: StatusUpdate, language: str) -> UpdateLine:
    """Return one update in ``language``."""
    return UpdateLine(
        at=update.at,
        label=status_label(kind, update.status),
        badge=badge(kind, update.status),
        text=said(update.texts, language),
    )


def month(moment: datetime) -> str:
    """Return the month in words, such as "November 2026", as the reader's calendar has it."""
    return format_skeleton(
        "yMMMM", timezone.localtime(moment), locale=translation.get_language() or "en"
    )


def summary(events: Iterable[StatusEvent]) -> Summary:
    """Return the sentence at the top of the page."""
    going_on = [event for event in events if event.status in moves.GOING_ON]
    incidents = sum(event.kind == moves.INCIDENT for event in going_on)
    if incidents:
        return Summary(_counted(incidents), "danger", "alert")
    if going_on:
        text = ngettext(
            "%(number)d maintenance is under way; everything else works.",
            "%(number)d maintenance works are under way; everything else works.",
            len(going_on),
        ) % {"number": len(going_on)}
        return Summary(text, "warning", "wrench")
    return Summary(_("All services work."), "success", "check-circle")


def incident(_request: HttpRequest) -> dict[str, str] | None:
    """Return the line for a customer's home about the incidents that go on, None for none."""
    found = going_on.incidents()
    if not found:
        return None
    if len(found) > 1:
        text = _counted(len(found))
        return {"text": text, "language": "", "url": reverse("status")}
    title = said(found[0].titles, translation.get_language() or "en")
    return {
        "text": title.text,
        "language": title.language,
        "url": reverse("status_event", args=[found[0].event_id]),
    }


def _counted(incidents: int) -> str:
    return ngettext(
        "%(number)d incident is going on.", "%(number)d incidents are going on.", incidents
    ) % {"number": incidents}


def page_number(request: HttpRequest) -> int:
    """Return the page that was asked for, 1 where that cannot be read."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > _ID_DIGITS:
        return 1
    return max(1, int(text))
