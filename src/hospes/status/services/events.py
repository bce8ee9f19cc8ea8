"""Publishing events and changing what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from hospes.foundation import clock
from hospes.kit.faults import Fault, Refused
from hospes.status.domain import drafts, moves
from hospes.status.domain.drafts import Draft
from hospes.status.models import StatusEvent
from hospes.status.services import writing

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin


LONGEST_KEY = 100


class AlreadyOpened(Exception):
    """The same form or alarm was sent before; ``event`` is what it made then."""

    def __init__(self, event: StatusEvent) -> None:
        self.event = event
        super().__init__(str(event.pk))


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """``form_key`` names the form or alarm, so that sending it twice publishes once; "" for none.

    ``is_automatic``: a monitor says so, nobody by hand.
    """

    kind: str
    status: str
    draft: Draft
    is_automatic: bool = False
    form_key: str = ""


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """``version`` is the one that the editor saw. Kind and status stay: updates move these."""

    event_id: int
    version: int
    draft: Draft


def languages() -> tuple[str, ...]:
    """Return the languages that texts may be in."""
    return tuple(code for code, _name in settings.LANGUAGES)


def check_new(command: OpenEvent) -> Draft:
    """Return the draft as it would be published; changes nothing.

    Raises:
        Refused: naming every fault: ``kind`` and ``status`` ``choose``, ``starts_at`` ``past``
            for what is planned, ``form_key`` ``too_long``, and those of ``drafts.faults_of``.

    """
    now = clock.now()
    draft = drafts.tidy(command.draft)
    faults = drafts.faults_of(
        draft, kind=command.kind, status=command.status, languages=languages(), now=now
    )
    if command.kind not in moves.KINDS:
        faults.append(Fault("kind", "choose"))
    elif command.status not in moves.BEGINNINGS[command.kind]:
        faults.append(Fault("status", "choose"))
    if command.status == moves.PLANNED and draft.starts_at <= now:
        faults.append(Fault("starts_at", "past"))
    if len(command.form_key) > LONGEST_KEY:
        faults.append(Fault("form_key", "too_long"))
    if faults:
        raise Refused(faults)
    return draft


def open_event(
    command: OpenEvent, *, acting_account: Account | None, origin: Origin
) -> StatusEvent:
    """Publish an event.

    Raises:
        Refused: as ``check_new``; nothing was stored.
        AlreadyOpened: this form or alarm has published its event before.

    """
    draft = check_new(command)
    _raise_if_opened(command.form_key)
    now = clock.now()
    event = StatusEvent(
        kind=command.kind,
        status=command.status,
        is_automatic=command.is_automatic,
        opened_by_account_id=acting_account.pk if acting_account is not None else None,
        created_at=now,
        updated_at=now,
        form_key=command.form_key or None,
    )
    _describe(event, draft, now)
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            writing.tell(
                "status.event_opened",
                event,
                writing.OPENED,
                acting_account=acting_account,
                origin=origin,
                detail={"title": _title(event)},
            )
    except IntegrityError:
        _raise_if_opened(command.form_key)
        raise
    return event


def check_change(event: StatusEvent, draft: Draft) -> Draft:
    """Return the draft as it would be kept; changes nothing.

    Raises:
        Refused: naming every fault: ``starts_at`` ``past`` for a plan that is moved there, and
            those of ``drafts.faults_of``.

    """
    now = clock.now()
    tidied = drafts.tidy(draft)
    faults = drafts.faults_of(
        tidied, kind=event.kind, status=event.status, languages=languages(), now=now
    )
    moved = tidied.starts_at != event.starts_at
    if event.status == moves.PLANNED and moved and tidied.starts_at <= now:
        faults.append(Fault("starts_at", "past"))
    if faults:
        raise Refused(faults)
    return tidied


def change_event(command: ChangeEvent, *, acting_account: Account, origin: Origin) -> StatusEvent:
    """Change what is said of an event; where nothing differs, nothing is written.

    Raises:
        NotFound: there is no such event.
        Refused: ``changed_meanwhile``, or as ``check_change``; nothing was changed.

    """
    with transaction.atomic():
        event = writing.locked(command.event_id, command.version)
        draft = check_change(event, command.draft)
        before = _fields(event)
        _describe(event, draft, clock.now())
        after = _fields(event)
        changed = sorted(name for name, value in after.items() if before[name] != value)
        if changed:
            writing.keep(event)
            writing.tell(
                "status.event_changed",
                event,
                writing.CHANGED,
                acting_account=acting_account,
                origin=origin,
                detail={"title": _title(event), "changed": changed},
            )
    return event


def draft_of(event: StatusEvent) -> Draft:
    """Return the event as its editor would describe it now."""
    return Draft(**{**_fields(event), "services": tuple(event.services)})


def _fields(event: StatusEvent) -> dict[str, Any]:
    names = ("titles", "descriptions", "services", "is_cyberattack", "starts_at", "ends_at")
    return {name: getattr(event, name) for name in names}


def _describe(event: StatusEvent, draft: Draft, now: datetime) -> None:
    event.titles = dict(draft.titles)
    event.descriptions = dict(draft.descriptions)
    event.services = list(draft.services)
    event.is_cyberattack = draft.is_cyberattack
    event.starts_at = draft.starts_at
    event.ends_at = draft.ends_at
    if event.status == moves.RESOLVED and event.ends_at is None:
        event.ends_at = now
    event.search_text = writing.words_of(event)


def _title(event: StatusEvent) -> str:
    return str(event.titles.get("en") or next(iter(event.titles.values())))


def _raise_if_opened(form_key: str) -> None:
    found = StatusEvent.objects.filter(form_key=form_key).first() if form_key else None
    if found is not None:
        raise AlreadyOpened(found)
