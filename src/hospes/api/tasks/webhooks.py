"""The work behind webhooks."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from hospes.api.domain.webhooks import EVENTS
from hospes.api.models import Webhook
from hospes.api.services import webhooks, webhooks_actions, webhooks_delivery, webhooks_messages
from hospes.foundation import registry, sealing
from hospes.foundation.registry import Lane, task

PURGE = "api.purge_webhooks"


@task(webhooks_messages.DELIVER, lease=timedelta(minutes=3), lane=Lane.WEBHOOKS)
def deliver(_payload: dict[str, Any]) -> None:
    """Send what is due."""
    webhooks_delivery.deliver_due()


@task(PURGE)
def purge(_payload: dict[str, Any]) -> None:
    """Delete what was told long ago."""
    webhooks_delivery.purge()


# One function per event for the life of the process: subscribing twice changes nothing.
_LISTENERS = {event: partial(webhooks_messages.announce, event) for event in EVENTS}


def register() -> None:
    """Listen to events, keep the schedule, have key rotation reach the secrets."""
    webhooks_actions.register()
    for event, listener in _LISTENERS.items():
        registry.subscribe_inline(event, listener)
    # Every message has a job of its own; this finds what a lost one left.
    registry.schedule(webhooks_messages.DELIVER, timedelta(minutes=5))
    registry.schedule(PURGE, timedelta(hours=6))
    for column in ("secret_sealed", "old_secret_sealed"):
        sealing.register_column(Webhook, column, webhooks.context_of)
