"""``/events``: incidents and maintenance of the provider's services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from hospes.foundation.errors import NotFound
from hospes.identity.models import Account
from hospes.kit import published
from hospes.rest import registry
from hospes.rest.answers import Item, Rows
from hospes.rest.faults import Problem
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word
from hospes.status.domain import moves
from hospes.status.domain.texts import said
from hospes.status.models import StatusEvent
from hospes.status.schemas import events as shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from hospes.rest.calls import Call

TAG = "Events"
_EXPAND = {"updates": "What was said about each event since, newest first."}
_LOCALES = tuple(
    locale for code, (_, region) in published.LANGUAGES.items() for locale in (code, region)
)


@dataclass(frozen=True, slots=True)
class _Reader:
    language: str
    is_staff: bool


def list_events(call: Call) -> Rows:
    """Answer the events that match."""
    reader = _reader(call)
    rows = _visible(call, reader)
    if call.word("user_id") is not None:
        _staff_only(reader, "user_id")
        rows = rows.filter(opened_by_account_id=call.word("user_id"))
    if not call.word("show_auto", default=False):
        rows = rows.filter(is_automatic=False)
    return Rows(_loaded(call, rows), partial(_shaped, call, reader))


def show_event(call: Call, event_id: int) -> Item:
    """Answer one event."""
    reader = _reader(call)
    found = _loaded(call, _visible(call, reader)).filter(pk=event_id).first()
    if found is None:
        raise NotFound
    (shape,) = _shaped(call, reader, [found])
    return Item(shape)


def _reader(call: Call) -> _Reader:
    principal = call.principal
    locale, is_staff = (
        Account.objects.filter(pk=principal.account_id).values_list("locale", "is_staff").get()
    )
    # A token that was made for less does not see what only staff do.
    limited = principal.organization_id is not None or principal.product_ids is not None
    asked = published.language_of_locale(call.word("locale", ""))
    return _Reader(asked or locale, is_staff and not limited)


def _staff_only(reader: _Reader, word: str) -> None:
    if not reader.is_staff:
        raise Problem(
            "access_denied",
            description=f"Only the provider's staff may send {word}.",
            context={"attribute": word},
        )


def _visible(call: Call, reader: _Reader) -> QuerySet[StatusEvent]:
    if call.word("with_trashed", default=False):
        _staff_only(reader, "with_trashed")
        return StatusEvent.objects.all()
    return StatusEvent.objects.filter(deleted_at=None)


def _loaded(call: Call, rows: QuerySet[StatusEvent]) -> QuerySet[StatusEvent]:
    return rows.prefetch_related("updates") if call.wants("updates") else rows


def _shaped(call: Call, reader: _Reader, rows: Sequence[StatusEvent]) -> Iterable[shapes.Event]:
    for row in rows:
        title = said(row.titles, reader.language)
        values: dict[str, Any] = {
            "id": row.pk,
            "event_type": row.kind,
            "status": row.status,
            "is_cyberattack": row.is_cyberattack,
            "is_auto": row.is_automatic,
            "title": title.text,
            "description": said(row.descriptions, title.language).text,
            "locale": title.language,
            "services": row.services,
            "starts_at": _seconds(row.starts_at),
            "ends_at": _seconds(row.ends_at),
            "url": f"{settings.HOSPES.base_url}{reverse('status_event', args=[row.pk])}",
            "created_at": _seconds(row.created_at),
            "updated_at": _seconds(row.updated_at),
            "deleted_at": _seconds(row.deleted_at),
        }
        if call.wants("updates"):
            values["updates"] = [
                {"at": _seconds(update.at), "status": update.status, **_text(update.texts, reader)}
                for update in row.updates.all()
            ]
        yield shapes.Event.model_validate(values)


def _text(texts: dict[str, str], reader: _Reader) -> dict[str, str]:
    found = said(texts, reader.language)
    return {"text": found.text, "locale": found.language or reader.language}


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _since(rows: QuerySet[StatusEvent], seconds: int) -> QuerySet[StatusEvent]:
    return rows.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gte=datetime.fromtimestamp(seconds, UTC))
    )


def _until(rows: QuerySet[StatusEvent], seconds: int) -> QuerySet[StatusEvent]:
    return rows.filter(starts_at__lte=datetime.fromtimestamp(seconds, UTC))


_LOCALE = Word(
    "The language of texts; the account's own where it is not sent. What was not translated "
    "comes in English, or else in a language that there is.",
    values=_LOCALES,
    example="de",
)
_TRASHED = Word(
    "Also what staff took off the page. Of everybody else it is refused (`access_denied`).",
    kind="boolean",
)
_get = partial(Route, "GET", version=2, tag=TAG, scope=None, errors=("access_denied",))

ROUTES = (
    _get(
        "/events",
        handler=list_events,
        summary="List events",
        description=(
            "Incidents and maintenance of the provider's services, as its status page has them: "
            "newest first. Any living token opens it."
        ),
        answer=list[shapes.Event],
        query=Query(
            expand=_EXPAND,
            paged=True,
            order={
                "id": "pk",
                "starts_at": "starts_at",
                "created_at": "created_at",
                "updated_at": "updated_at",
            },
            by_default=("-starts_at",),
            words={
                "date_from": Word("Not over before this instant.", kind="instant", apply=_since),
                "date_to": Word("Begun by this instant.", kind="instant", apply=_until),
                "event_type": Word("Of this kind.", values=moves.KINDS, field="kind"),
                "event_types": Word(
                    "Of one of these kinds.", values=moves.KINDS, many=True, field="kind"
                ),
                "is_cyberattack": Word(
                    "Only what an attack causes, or only the rest.",
                    kind="boolean",
                    field="is_cyberattack",
                ),
                "status": Word(
                    "In one of these statuses.", values=moves.STATUSES, many=True, field="status"
                ),
                "show_auto": Word(
                    "Also what monitors published; without it only what people wrote.",
                    kind="boolean",
                ),
                "locale": _LOCALE,
                "user_id": Word(
                    "Published by this member of the staff. Only staff may send it; of everybody "
                    "else it is refused (`access_denied`).",
                    kind="integer",
                    minimum=1,
                ),
                "with_trashed": _TRASHED,
            },
        ),
    ),
    _get(
        "/events/{event_id}",
        handler=show_event,
        summary="Show an event",
        description="One event of the status page. Any living token opens it.",
        answer=shapes.Event,
        parameters={"event_id": "The event's number."},
        query=Query(expand=_EXPAND, words={"locale": _LOCALE, "with_trashed": _TRASHED}),
    ),
)


def register() -> None:
    """Take the endpoints into the API; a second call changes nothing."""
    registry.register_tag(TAG, "Incidents and maintenance of the provider's services.")
    registry.register(*ROUTES)
