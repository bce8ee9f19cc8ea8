"""What every write to an event does: find it under lock, count it up, tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.kit.faults import Fault, Refused
from hospes.status.domain import moves
from hospes.status.models import StatusEvent
from hospes.status.queries import going_on

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

OPENED = "status.event_opened"
CHANGED = "status.event_changed"
RESOLVED = "status.event_resolved"


def locked(event_id: int, version: int | None, *, deleted: bool = False) -> StatusEvent:
    """Return the event, held until the transaction ends.

    ``version`` is what its editor saw; None for whoever looked at nothing before.

    Raises:
        NotFound: there is no such event (or, with ``deleted``, none that was deleted).
        Refused: ``changed_meanwhile`` where somebody else changed it after it was looked at.

    """
    event = StatusEvent.objects.select_for_update().filter(pk=event_id).first()
    if event is None or (event.deleted_at is not None) != deleted:
        raise NotFound
    if version is not None and event.version != version:
        raise Refused(Fault("", "changed_meanwhile"))
    return event


def keep(event: StatusEvent) -> None:
    """Store a changed event that is held under lock."""
    event.version += 1
    event.updated_at = clock.now()
    event.search_text = words_of(event)
    event.save()


def words_of(event: StatusEvent) -> str:
    """Return what the event is found by."""
    texts = (*event.titles.values(), *event.descriptions.values(), *event.services)
    return "\n".join(texts).casefold()


def tell(
    action: str,
    event: StatusEvent,
    emitted: str,
    *,
    acting_account: Account | None,
    origin: Origin,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit entry and the event for other rooms into the open transaction."""
    audit.record(
        action,
        actor=acting_account.pk if acting_account is not None else None,
        target=f"status_event:{event.pk}",
        origin=origin,
        detail={"kind": event.kind, "status": event.status, **(detail or {})},
    )
    outbox.emit(
        emitted,
        {
            "event_id": event.pk,
            "kind": event.kind,
            "status": event.status,
            "is_deleted": event.deleted_at is not None,
        },
    )
    transaction.on_commit(going_on.forget)


def emitted_for(status: str) -> str:
    """Return what other rooms are told when an event comes to ``status``."""
    return RESOLVED if status == moves.RESOLVED else CHANGED
