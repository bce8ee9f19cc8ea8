"""Sending what webhooks are told, at least once, several receivers at a time.

A webhook is sent to by one worker at a time (``busy_until``, taken by a guarded update), so that
a slow receiver holds up its own messages alone: a round whose time is up hands on what is due to
another worker before it waits for those it has begun. A worker that dies leaves the lease to run
out; then the message goes again, with the same ``webhook-id``.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Min, Q

from hospes.api.domain import backoff
from hospes.api.gateways import webhooks as gateway
from hospes.api.gateways.webhooks import Result
from hospes.api.mails import webhooks as mails
from hospes.api.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookMessage
from hospes.api.queries import webhooks as queries
from hospes.api.services.webhooks import note, secrets_of, switch_off
from hospes.api.services.webhooks_messages import DELIVER
from hospes.foundation import clock, logging, numbers, sealing
from hospes.foundation.services import heartbeat
from hospes.foundation.services.jobs import enqueue
from hospes.foundation.services.messages import send_mail
from hospes.kit.origin import SYSTEM
from hospes.protocols.webhooks import signature

if TYPE_CHECKING:
    from concurrent.futures import Future
    from datetime import datetime

# Receivers that one worker waits for at the same time.
PARALLEL = 8
# Longer than any try may take, resolving the name included.
LEASE = timedelta(seconds=90)
# Afterwards the worker begins nothing new in this round.
ROUND_SECONDS = 5.0
_LOOK_SECONDS = 0.5
_BATCH = 1000
_State = WebhookDelivery.State

_log = logging.get(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """One try, taken by this worker. ``attempt`` is its number and the fence."""

    delivery_id: int
    webhook: Webhook
    message_id: str
    body: bytes = field(repr=False)
    attempt: int
    lease: datetime


def deliver_due() -> int:
    """Send what is due for a few seconds, then hand on what is left; return how many tries."""
    ends = time.monotonic() + ROUND_SECONDS
    sent = 0
    running: dict[Future[Result], Sending] = {}
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="webhooks") as pool:
        taking = True
        while True:
            if taking:
                for sending in take_due(PARALLEL - len(running)):
                    running[pool.submit(_send, sending, _headers(sending))] = sending
                    sent += 1
            if not running:
                break
            done, _ = wait(running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                finish(running.pop(future), future.result())
            heartbeat.beat()
            was_taking, taking = taking, time.monotonic() < ends
            if not taking and (was_taking or done):
                _hand_on()
    if taking:
        _hand_on()
    return sent


def take_due(most: int) -> list[Sending]:
    """Take the next message of each webhook that has one due and that nobody sends to."""
    if most <= 0:
        return []
    now = clock.now()
    first = (
        _due(now)
        .filter(Q(webhook__busy_until=None) | Q(webhook__busy_until__lte=now))
        .values("webhook_id")
        .annotate(first=Min("next_at"))
        # Whoever answers comes before whoever lets us wait.
        .order_by(F("webhook__failing_since").asc(nulls_first=True), "first")
        .values_list("webhook_id", flat=True)
    )
    taken = (_take(webhook_id, now) for webhook_id in list(first[:most]))
    return [sending for sending in taken if sending is not None]


def _due(now: datetime) -> queries.Deliveries:
    return WebhookDelivery.objects.filter(
        state=_State.WAITING, next_at__lte=now, webhook__disabled_at=None
    )


def _take(webhook_id: int, now: datetime) -> Sending | None:
    lease = now + LEASE
    with transaction.atomic():
        if not Webhook.objects.filter(
            Q(busy_until=None) | Q(busy_until__lte=now), pk=webhook_id, disabled_at=None
        ).update(busy_until=lease):
            return None
        delivery = (
            _due(now)
            .filter(webhook_id=webhook_id)
            .select_related("webhook", "message")
            .order_by("next_at", "id")
            .first()
        )
        if delivery is None:
            Webhook.objects.filter(pk=webhook_id).update(busy_until=None)
            return None
        attempt = delivery.attempts + 1
        # Due again when the lease ends: what a dead worker held goes out once more.
        WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=attempt, next_at=lease)
    return Sending(
        delivery.pk,
        delivery.webhook,
        delivery.message.message_id,
        delivery.message.body.encode(),
        attempt,
        lease,
    )


def _headers(sending: Sending) -> dict[str, str] | None:
    try:
        secrets = secrets_of(sending.webhook)
    except sealing.CannotOpen:
        return None
    return signature.headers(
        secrets,
        message_id=sending.message_id,
        timestamp=clock.timestamp(),
        body=sending.body,
    )


def _send(sending: Sending, headers: dict[str, str] | None) -> Result:
    """Run in a thread of its own, which never asks the database."""
    if headers is None:
        return Result(None, "secret", 0)
    return gateway.send(sending.webhook.url, sending.body, headers)


def finish(sending: Sending, result: Result) -> None:
    """Write down what came of a try, and plan the next one, give up, or switch the webhook off."""
    now = clock.now()
    with transaction.atomic():
        # The lock orders two that end at once, and a webhook that was deleted meanwhile is gone.
        webhook = Webhook.objects.select_for_update().filter(pk=sending.webhook.pk).first()
        if webhook is None:
            return
        WebhookAttempt.objects.create(
            delivery_id=sending.delivery_id,
            at=now,
            status=result.status,
            error=result.error,
            milliseconds=result.milliseconds,
            excerpt=result.excerpt,
        )
        Webhook.objects.filter(pk=webhook.pk, busy_until=sending.lease).update(busy_until=None)
        if result.taken:
            _taken(sending, webhook)
        else:
            _not_taken(sending, webhook, result)
    _log.info(
        "webhook_sent",
        webhook=webhook.public_id,
        message_id=sending.message_id,
        status=result.status,
        error=result.error,
        attempt=sending.attempt,
    )


def _mine(sending: Sending) -> queries.Deliveries:
    return WebhookDelivery.objects.filter(pk=sending.delivery_id, attempts=sending.attempt)


def _taken(sending: Sending, webhook: Webhook) -> None:
    # Given up meanwhile, as by switching it off, it is delivered all the same.
    _mine(sending).update(state=_State.DELIVERED, next_at=None, finished_at=clock.now())
    if webhook.failing_since is not None:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)


def _not_taken(sending: Sending, webhook: Webhook, result: Result) -> None:
    now = clock.now()
    delay = backoff.next_delay(
        sending.attempt,
        jitter=random.random(),  # noqa: S311 - spreads retries, guards nothing
        retry_after=backoff.asked_for(result.retry_after, now) if result.retry_after else None,
    )
    waiting = _mine(sending).filter(state=_State.WAITING)
    if delay is None:
        waiting.update(state=_State.FAILED, next_at=None, finished_at=now)
    elif waiting.update(next_at=now + delay):
        enqueue(DELIVER, {}, run_at=now + delay)
    since = webhook.failing_since or now
    Webhook.objects.filter(pk=webhook.pk, failing_since=None).update(failing_since=now)
    if result.status == gateway.GONE:
        _give_up(webhook, "gone")
    elif now - since >= timedelta(days=numbers.get("api.webhook_failing_days")):
        _give_up(webhook, "failing")


def _give_up(webhook: Webhook, because: str) -> None:
    if not switch_off(webhook, because):
        return
    note("api.webhook_gave_up", webhook, None, SYSTEM, {"because": because})
    for account in queries.leading(webhook.organization_id):
        mail = mails.switched_off(webhook, because, locale=account.locale, name=account.first_name)
        send_mail(mail, to=account.email, locale=account.locale, kind="api.webhook_disabled")


def _hand_on() -> None:
    """Have another round begin: now where something is due, else when a lease may run out."""
    now = clock.now()
    if _due(now).filter(Q(webhook__busy_until=None) | Q(webhook__busy_until__lte=now)).exists():
        enqueue(DELIVER, {})
        return
    held = WebhookDelivery.objects.filter(
        state=_State.WAITING, webhook__disabled_at=None, webhook__busy_until__gt=now
    )
    until = held.aggregate(latest=Max("webhook__busy_until"))["latest"]
    if until is not None:
        # Its holder goes on with it, unless that dies: one more look then, whoever asks for it.
        enqueue(DELIVER, {}, key=f"{DELIVER}:{until.timestamp():.0f}", run_at=until)


def purge() -> int:
    """Delete messages past their days, with their tries; return how many.

    What still waits is kept: nothing is forgotten before it was given up. Replaced secrets that
    sign no more are forgotten too.
    """
    Webhook.objects.filter(old_secret_until__lte=clock.now()).update(
        old_secret_sealed="", old_secret_until=None
    )
    before = clock.now() - timedelta(days=numbers.get("api.webhook_log_days"))
    old = WebhookMessage.objects.filter(created_at__lt=before).exclude(
        deliveries__state=_State.WAITING
    )
    gone = 0
    while batch := list(old.values_list("pk", flat=True)[:_BATCH]):
        WebhookMessage.objects.filter(pk__in=batch).delete()
        gone += len(batch)
    return gone
