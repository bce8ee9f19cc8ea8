"""What webhooks are told: written with the event, in its own transaction."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.api.domain import webhooks as rules
from hospes.api.models import Webhook, WebhookDelivery, WebhookMessage
from hospes.api.queries import webhooks_words as words
from hospes.api.services.webhooks import note
from hospes.foundation import clock, counters, numbers
from hospes.foundation.services.jobs import enqueue
from hospes.kit.faults import Fault, Refused
from hospes.kit.ids import base62, bytes_for
from hospes.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

DELIVER = "api.deliver_webhooks"
_ID_DIGITS = 24
_State = WebhookDelivery.State


def announce(event: str, payload: dict[str, Any]) -> None:
    """Write ``event`` down for every webhook that is told of it, in the transaction that is open.

    So it is told of if and only if it came to pass. Without a webhook it costs one query.
    """
    organization_id = payload["organization_id"]
    webhooks = Webhook.objects.filter(organization_id=organization_id, disabled_at=None)
    listening = [webhook for webhook in webhooks if rules.wants(webhook.events, event)]
    if listening:
        write(event, words.data_of(payload), organization_id, listening)


def write(
    event: str, data: dict[str, Any], organization_id: int, webhooks: Sequence[Webhook]
) -> WebhookMessage:
    """Write one message with a delivery to each of ``webhooks``, and have them sent."""
    now = clock.now()
    body = {"type": event, "timestamp": now.isoformat(timespec="milliseconds"), "data": data}
    message = WebhookMessage.objects.create(
        message_id=f"msg_{base62(secrets.token_bytes(bytes_for(_ID_DIGITS)), _ID_DIGITS)}",
        organization_id=organization_id,
        event=event,
        # Sent as it is signed: written once, never built again.
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
    )
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, message=message, created_at=now, next_at=now)
        for webhook in webhooks
    )
    enqueue(DELIVER, {})
    return message


def send_test(webhook: Webhook, *, acting_account: Account, origin: Origin) -> WebhookDelivery:
    """Have a test event sent to one webhook; return its delivery.

    Raises:
        Refused: it is switched off (``disabled``), or that was done too often (``too_often``).

    """
    _may_send(webhook)
    organization = Organization.objects.get(pk=webhook.organization_id)
    data = words.data_of({"organization_id": organization.pk, "actor_id": acting_account.pk})
    with transaction.atomic():
        message = write(rules.TEST, data, organization.pk, [webhook])
        note("api.webhook_tested", webhook, acting_account, origin)
    return message.deliveries.get()


def replay(delivery: WebhookDelivery, *, acting_account: Account, origin: Origin) -> None:
    """Send a message again from the start, with the same id and body; a waiting one goes now.

    Raises:
        Refused: the webhook is switched off (``disabled``), or it was done too often.

    """
    _may_send(delivery.webhook)
    now = clock.now()
    with transaction.atomic():
        mine = WebhookDelivery.objects.filter(pk=delivery.pk)
        again = mine.exclude(state=_State.WAITING).update(
            state=_State.WAITING, attempts=0, next_at=now, finished_at=None
        )
        if not again:
            # Guarded by what was seen: one that is being sent keeps its lease.
            mine.filter(next_at=delivery.next_at, attempts=delivery.attempts).exclude(
                webhook__busy_until__gt=now
            ).update(next_at=now)
        detail = {"message": delivery.message.message_id}
        note("api.webhook_replayed", delivery.webhook, acting_account, origin, detail)
        enqueue(DELIVER, {})


def replay_failed(
    webhook: Webhook, *, since: datetime, acting_account: Account, origin: Origin
) -> int:
    """Send everything again that failed since then; return how many messages that are.

    Raises:
        Refused: the webhook is switched off (``disabled``), or it was done too often.

    """
    _may_send(webhook)
    with transaction.atomic():
        count = WebhookDelivery.objects.filter(
            webhook=webhook, state=_State.FAILED, created_at__gte=since
        ).update(state=_State.WAITING, attempts=0, next_at=clock.now(), finished_at=None)
        if count:
            note("api.webhook_replayed", webhook, acting_account, origin, {"count": count})
            enqueue(DELIVER, {})
    return count


def _may_send(webhook: Webhook) -> None:
    if webhook.disabled_at is not None:
        raise Refused(Fault("", "disabled"))
    limit = numbers.get("api.webhook_tests_per_hour")
    if not counters.hit(
        "webhook.by_hand", str(webhook.pk), limit=limit, window=timedelta(hours=1)
    ).allowed:
        raise Refused(Fault("", "too_often", {"limit": limit}))
