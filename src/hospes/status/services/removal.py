"""Taking events off the page, and bringing them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock
from hospes.status.services import writing

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin
    from hospes.status.models import StatusEvent


def delete_event(
    event_id: int, *, version: int, acting_account: Account, origin: Origin
) -> StatusEvent:
    """Take an event off the page; staff still find it and can bring it back.

    Raises:
        NotFound: there is no such event.
        Refused: ``changed_meanwhile``.

    """
    with transaction.atomic():
        event = writing.locked(event_id, version)
        event.deleted_at = clock.now()
        writing.keep(event)
        writing.tell(
            "status.event_deleted",
            event,
            writing.CHANGED,
            acting_account=acting_account,
            origin=origin,
        )
    return event


def restore_event(event_id: int, *, acting_account: Account, origin: Origin) -> StatusEvent:
    """Bring a deleted event back as it was.

    Raises:
        NotFound: there is no such event that was deleted.

    """
    with transaction.atomic():
        event = writing.locked(event_id, None, deleted=True)
        event.deleted_at = None
        writing.keep(event)
        writing.tell(
            "status.event_restored",
            event,
            writing.CHANGED,
            acting_account=acting_account,
            origin=origin,
        )
    return event
