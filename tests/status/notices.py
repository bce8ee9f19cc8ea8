"""Events for tests, published by the services."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hospes.foundation import clock
from hospes.kit.origin import SYSTEM
from hospes.status.domain.drafts import Draft
from hospes.status.services.events import OpenEvent, open_event
from hospes.status.services.updates import AddUpdate, add_update

if TYPE_CHECKING:
    from hospes.status.models import StatusEvent, StatusUpdate


def publish(title: str = "Mail is late", kind: str = "incident", **values: Any) -> StatusEvent:
    """Publish an event by the service: an incident that goes on, or maintenance in two days."""
    now = clock.now()
    planned = kind == "maintenance"
    draft = Draft(
        titles=values.pop("titles", {"en": title}),
        starts_at=values.pop("starts_at", now + timedelta(days=2) if planned else now),
        ends_at=values.pop("ends_at", None),
        descriptions=values.pop("descriptions", {}),
        services=values.pop("services", ()),
        is_cyberattack=values.pop("is_cyberattack", False),
    )
    account = values.pop("by", None)
    status = values.pop("status", "planned" if planned else "ongoing")
    return open_event(
        OpenEvent(kind, status, draft, **values), acting_account=account, origin=SYSTEM
    )


def update(event: StatusEvent, status: str, text: str = "", **texts: str) -> StatusUpdate:
    """Publish an update by the service."""
    said = {"en": text, **texts} if text else texts
    return add_update(AddUpdate(event.pk, status, said), acting_account=None, origin=SYSTEM)
