"""Events: written with the change they speak of, handed on after it was committed."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from hospes.foundation import clock, registry, statements
from hospes.foundation.models import Job, OutboxEvent
from hospes.foundation.services import wakeup


def emit(event: str, payload: dict[str, Any]) -> None:
    """Write ``event`` into the transaction that is open, and run its inline subscribers in it.

    ``payload`` is JSON; it goes to each subscriber's task as it is. No secrets in it.

    Raises:
        RuntimeError: outside a transaction, where the event could outlive its change.

    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event} was emitted outside a transaction")
    now = clock.now()
    # An event that nobody's task waits for needs no worker.
    waits = bool(registry.subscribers(event))
    statements.insert(
        OutboxEvent(
            name=event, payload=payload, created_at=now, dispatched_at=None if waits else now
        )
    )
    for function in registry.inline_subscribers(event):
        function(payload)
    if waits:
        transaction.on_commit(wakeup.wake)


def fan_out(limit: int = 100) -> int:
    """Turn waiting events into one job per subscriber; return how many events that were."""
    if not OutboxEvent.objects.filter(dispatched_at__isnull=True).exists():
        return 0
    with transaction.atomic():
        events = list(
            OutboxEvent.objects.select_for_update(skip_locked=_skips_locked())
            .filter(dispatched_at__isnull=True)
            .order_by("id")[:limit]
        )
        now = clock.now()
        # The key makes a second fan-out of the same event harmless.
        found = [
            Job(
                task=task_name,
                payload=event.payload,
                lane=registry.lane_of(task_name),
                key=f"event:{event.pk}:{task_name}",
                run_at=now,
                created_at=now,
            )
            for event in events
            for task_name in registry.subscribers(event.name)
        ]
        Job.objects.bulk_create(found, ignore_conflicts=True)
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(dispatched_at=now)
        if any(job.lane != registry.Lane.MAIN for job in found):
            # Who hands events on goes along the main lane itself.
            transaction.on_commit(wakeup.wake)
    return len(events)


def _skips_locked() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)
