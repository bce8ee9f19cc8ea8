"""Reaching the phones: what goes to the push service, and what its answer means."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock, metrics
from hospes.foundation.errors import PermanentFailure
from hospes.foundation.gateways import web_push
from hospes.foundation.sealing import CannotOpen
from hospes.foundation.services import audit
from hospes.identity.models import Authenticator, Challenge
from hospes.identity.services.two_step import challenges, phones
from hospes.kit.origin import SYSTEM
from hospes.protocols.push import answers
from hospes.protocols.push.challenges import State, purpose_of

if TYPE_CHECKING:
    from collections.abc import Mapping

PUSH = "push"
CHALLENGE = "2fa:push_challenge:approval"
CHALLENGE_TOPIC = "2fa:push_challenge"
REMOVED = "2fa:method_removed"
# How long a push service keeps the news of a removal for a phone that is away.
REMOVAL_LIFETIME = timedelta(days=7)
# RFC 8030 §5.4: at most 32 characters of base64url.
_TOPIC_BYTES = 24


def tell_of_challenge(phone_id: int, challenge_id: int) -> None:
    """Tell one phone that it is asked something, unless it is not any more.

    Raises:
        Later, Unreachable: it is worth another try, while the challenge is open.
        PermanentFailure: the push service will never take it.

    """
    phone = _phone(phone_id)
    challenge = Challenge.objects.filter(pk=challenge_id).select_related("account", "step").first()
    if phone is None or challenge is None or phone.method.removed_at is not None:
        return
    left = int((challenge.expires_at - clock.now()).total_seconds())
    step = challenge.step
    answered = challenges.present_state(challenge) is not State.OPEN
    if answered or left <= 0 or (step is not None and step.finished_at is not None):
        return
    payload = {
        "type": CHALLENGE,
        "topic": CHALLENGE_TOPIC,
        "purpose": purpose_of(is_sign_in=not challenge.backchannel_id),
        "user_id": challenge.account.public_id,
        "uuid": challenge.public_id,
        "account": challenge.account.email,
        "application": challenge.application_name,
        "place": challenge.place,
        "expires_at": int(challenge.expires_at.timestamp()),
        "number_required": bool(challenge.number),
    }
    _send(phone, payload, seconds=left, urgency="high")


def tell_of_removal(method_id: int) -> None:
    """Tell a phone that it was unlinked, then forget how it was reached.

    Raises:
        Later, Unreachable, PermanentFailure: as ``tell_of_challenge``.

    """
    phone = Authenticator.objects.filter(method_id=method_id).select_related("method").first()
    if phone is None or not phone.push_sealed:
        return
    account = phone.method.account
    payload = {
        "type": REMOVED,
        "user_id": account.public_id,
        "method_id": phone.method.public_id,
        "account": account.email,
    }
    seconds = int(REMOVAL_LIFETIME.total_seconds())
    try:
        _send(phone, payload, seconds=seconds, urgency="normal")
    except PermanentFailure:
        phones.unsubscribe(phone)
        raise
    phones.unsubscribe(phone)


def _phone(phone_id: int) -> Authenticator | None:
    phone = Authenticator.objects.filter(pk=phone_id).select_related("method").first()
    return phone if phone is not None and phone.push_sealed else None


def _send(phone: Authenticator, payload: Mapping[str, Any], *, seconds: int, urgency: str) -> None:
    try:
        subscription = phones.subscription_of(phone)
    except CannotOpen as error:
        raise PermanentFailure(f"the subscription does not open: {error}") from error
    if subscription is None:
        return
    try:
        web_push.send(
            {
                "endpoint": subscription.endpoint,
                "p256dh": subscription.p256dh,
                "auth": subscription.auth,
            },
            payload,
            seconds=seconds,
            urgency=urgency,
            topic=_topic(phone, str(payload["type"])),
        )
    except web_push.Gone:
        metrics.message(PUSH, "gone")
        _ended(phone)
    except PermanentFailure:
        metrics.message(PUSH, "refused")
        raise
    except Exception:
        metrics.message(PUSH, "failed")
        raise
    else:
        metrics.message(PUSH, "delivered")


def _topic(phone: Authenticator, kind: str) -> str:
    """Return what a newer message replaces an older one by: one device may serve many accounts."""
    digest = hashlib.sha256(f"{kind}\n{phone.method.public_id}".encode()).digest()
    return answers.encoded(digest[:_TOPIC_BYTES])


@transaction.atomic
def _ended(phone: Authenticator) -> None:
    if phones.unsubscribe(phone):
        account_id = phone.method.account_id
        audit.record(
            "identity.push_ended",
            actor=None,
            subject=account_id,
            target=f"method:{phone.method.public_id}",
            origin=SYSTEM,
        )
