"""Writing the log of an application's owner."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.connect.domain import events
from hospes.connect.models import Application, ApplicationEvent
from hospes.foundation import clock, counters

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

MINUTE = timedelta(minutes=1)


def record(
    kind: str,
    *,
    application_id: int,
    origin: Origin,
    account_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> ApplicationEvent | None:
    """Write one event, into the transaction that is open if there is one.

    Refusals are kept up to a number per application and minute; None where this one was not.
    ``detail`` is JSON and never holds a secret, a code or a token.
    """
    if kind in events.REFUSALS and not has_room(application_id):
        return None
    return ApplicationEvent.objects.create(
        application_id=application_id,
        at=clock.timestamp(),
        kind=kind,
        account_id=account_id,
        address=origin.ip[:45],
        detail=events.storable(detail or {}),
    )


def has_room(application_id: int) -> bool:
    """Return whether the log keeps one more refusal of this minute; count it if it does not."""
    key = str(application_id)
    limit = events.REFUSALS_KEPT_PER_MINUTE
    if counters.hit("connect.refusals", key, limit=limit, window=MINUTE).allowed:
        return True
    surplus = counters.hit(
        "connect.refusals_not_kept", key, limit=events.MOST_COUNTED, window=MINUTE
    )
    if surplus.allowed and events.is_written(surplus.count):
        _note_surplus(application_id, surplus.count)
    return False


def _note_surplus(application_id: int, count: int) -> None:
    """Write how many were not kept into the one row of this minute."""
    at = events.minute_of(clock.timestamp())
    with transaction.atomic():
        # Locked where the database can: two processes would make two rows.
        living = Application.objects.select_for_update(no_key=True).filter(pk=application_id)
        if living.first() is None:
            return
        row = ApplicationEvent.objects.filter(
            application_id=application_id, kind=events.NOT_KEPT, at=at
        ).first()
        if row is None:
            ApplicationEvent.objects.create(
                application_id=application_id, kind=events.NOT_KEPT, at=at, detail={"count": count}
            )
        elif row.detail.get("count", 0) < count:
            row.detail = {"count": count}
            row.save(update_fields=["detail"])
