"""Saying more about an event, moving it on, and beginning what was planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import SYSTEM
from hospes.status.domain import drafts, moves
from hospes.status.models import StatusEvent, StatusUpdate
from hospes.status.services import writing
from hospes.status.services.events import languages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class AddUpdate:
    """``version`` is the one that the writer saw, None for a monitor that looks at nothing.

    ``status`` may be the one that the event has already; then there has to be a text.
    """

    event_id: int
    status: str
    texts: Mapping[str, str]
    version: int | None = None


def check_update(event: StatusEvent, command: AddUpdate) -> dict[str, str]:
    """Return the texts as they would be published; changes nothing.

    Raises:
        Refused: naming every fault: ``texts`` ``required``, ``text_<language>`` as in
            ``drafts.text_faults``, ``status`` ``not_from_here`` (``status``) or ``past`` for a
            plan whose time is over.

    """
    texts = drafts.tidy_texts(command.texts)
    faults = drafts.text_faults("text", texts, languages(), drafts.LONGEST_TEXT)
    if command.status == event.status:
        if not texts:
            faults.append(Fault("texts", "required"))
    elif not moves.may_move(event.kind, event.status, command.status):
        faults.append(Fault("status", "not_from_here", {"status": event.status}))
    elif command.status == moves.PLANNED and event.starts_at <= clock.now():
        faults.append(Fault("status", "past"))
    if faults:
        raise Refused(faults)
    return texts


def add_update(
    command: AddUpdate, *, acting_account: Account | None, origin: Origin
) -> StatusUpdate:
    """Publish an update, and move the event to the status that it names.

    Raises:
        NotFound: there is no such event.
        Refused: ``changed_meanwhile``, or as ``check_update``; nothing was changed.

    """
    with transaction.atomic():
        event = writing.locked(command.event_id, command.version)
        texts = check_update(event, command)
        now = clock.now()
        _move(event, command.status, now)
        writing.keep(event)
        update = StatusUpdate.objects.create(event=event, at=now, status=event.status, texts=texts)
        writing.tell(
            "status.event_updated",
            event,
            writing.emitted_for(event.status),
            acting_account=acting_account,
            origin=origin,
            detail={"update": update.pk},
        )
    return update


def begin_planned() -> int:
    """Let the maintenance begin whose time has come; return how many did."""
    due = StatusEvent.objects.filter(
        status=moves.PLANNED, deleted_at=None, starts_at__lte=clock.now()
    )
    begun = 0
    for event_id, version in list(due.values_list("pk", "version")):
        try:
            add_update(
                AddUpdate(event_id, moves.ONGOING, {}, version=version),
                acting_account=None,
                origin=SYSTEM,
            )
        except (Refused, NotFound):
            # Somebody is at it this very moment; the next run sees what became of it.
            continue
        begun += 1
    return begun


def _move(event: StatusEvent, status: str, now: datetime) -> None:
    before, event.status = event.status, status
    if status == before:
        return
    if before == moves.PLANNED and status == moves.ONGOING:
        event.starts_at = min(event.starts_at, now)
    if status == moves.RESOLVED or (status == moves.CANCELLED and before != moves.PLANNED):
        event.ends_at = max(now, event.starts_at)
    elif before in moves.OVER and status in moves.GOING_ON:
        event.ends_at = None
