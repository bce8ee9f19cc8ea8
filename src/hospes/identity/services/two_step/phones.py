"""Linked phones: who a bearer token speaks for, and how a phone is reached."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, counters, numbers, sealing
from hospes.identity.domain import tokens
from hospes.identity.models import Account, Authenticator, Method
from hospes.identity.services.two_step import methods
from hospes.kit import ids
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

PREFIX = "hsp_dev_"
TOKEN_DIGITS = 43
SEALING_CONTEXT = "identity.authenticator:{pk}"
SEEN_EVERY = timedelta(minutes=1)
# What one phone, and what one network without a phone, may ask of the interface.
REQUESTS_PER_MINUTE = 60
POLLS_PER_MINUTE = 90
LINK_TRIES = 20
LINK_WINDOW = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)

sealing.register_column("identity.Authenticator", "push_sealed", SEALING_CONTEXT)


@dataclass(frozen=True, slots=True)
class Device:
    """What the phone tells about itself; ``type`` is phone, tablet or computer."""

    name: str = ""
    brand: str = ""
    model: str = ""
    platform: str = ""
    type: str = "phone"
    app_version: str = ""
    locale: str = "en"

    @property
    def suggested_name(self) -> str:
        """Return what to call it until its owner gives it a name."""
        made = self.model if self.model.startswith(self.brand) else f"{self.brand} {self.model}"
        return (self.name or made.strip() or self.platform or "Authenticator")[:60]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where and how to reach a phone (W3C Push API §8): keys are base64url."""

    endpoint: str
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a phone changes of itself; None leaves a value as it is."""

    name: str | None = None
    locale: str | None = None
    app_version: str | None = None
    subscription: Subscription | None = None
    unsubscribe: bool = False


def add(
    method: Method, *, device: Device, public_key: str, subscription: Subscription | None
) -> tuple[Authenticator, str]:
    """Write the phone of a new method into the open transaction; return it and its token."""
    token = PREFIX + ids.base62(secrets.token_bytes(ids.bytes_for(TOKEN_DIGITS)), TOKEN_DIGITS)
    phone = Authenticator.objects.create(
        method=method,
        token_hash=tokens.fingerprint(token),
        public_key=public_key,
        brand=device.brand,
        model=device.model,
        platform=device.platform,
        type=device.type,
        app_version=device.app_version,
        locale=device.locale,
        last_seen_at=clock.now(),
    )
    if subscription is not None:
        phone.push_sealed = _seal(phone, subscription)
        phone.save(update_fields=["push_sealed"])
    return phone, token


def by_token(token: str) -> Authenticator:
    """Return the living phone of a bearer token, with its method and account.

    Raises:
        Refused: ``device_removed`` where it was unlinked, ``not_authorized`` for any other token.

    """
    phone = (
        Authenticator.objects.filter(token_hash=tokens.fingerprint(token))
        .select_related("method", "method__account")
        .first()
    )
    if phone is None:
        raise Refused(Fault("", "not_authorized"))
    account = phone.method.account
    if phone.method.removed_at is not None or account.state == Account.State.DELETED:
        raise Refused(Fault("", "device_removed"))
    if account.state != Account.State.ACTIVE or phone.method.confirmed_at is None:
        raise Refused(Fault("", "not_authorized"))
    return phone


def living(account: Account) -> list[Authenticator]:
    """Return the account's phones, in the order in which they were linked."""
    return list(
        Authenticator.objects.filter(
            method__account=account,
            method__confirmed_at__isnull=False,
            method__removed_at=None,
        )
        .select_related("method")
        .order_by("pk")
    )


def note_seen(phone: Authenticator) -> None:
    """Write that the phone is in use, at most once a minute."""
    now = clock.now()
    if phone.last_seen_at is None or now - phone.last_seen_at >= SEEN_EVERY:
        Authenticator.objects.filter(pk=phone.pk).update(last_seen_at=now)


@transaction.atomic
def change(phone: Authenticator, changes: Changes, *, origin: Origin) -> None:
    """Write what the phone tells of itself.

    Raises:
        Refused: ``device_removed`` where it was unlinked meanwhile; nothing is written then.

    """
    method = phone.method
    if Method.objects.select_for_update().filter(pk=method.pk, removed_at=None).first() is None:
        raise Refused(Fault("", "device_removed"))
    if changes.name is not None:
        methods.rename(method, changes.name, origin=origin)
    values: dict[str, str] = {}
    if changes.locale is not None:
        values["locale"] = changes.locale
    if changes.app_version is not None:
        values["app_version"] = changes.app_version
    if changes.subscription is not None:
        values["push_sealed"] = _seal(phone, changes.subscription)
    elif changes.unsubscribe:
        values["push_sealed"] = ""
    if values:
        Authenticator.objects.filter(pk=phone.pk).update(**values)
        for name, value in values.items():
            setattr(phone, name, value)


def subscription_of(phone: Authenticator) -> Subscription | None:
    """Return how the phone is reached, None where it only asks by itself."""
    if not phone.push_sealed:
        return None
    opened = sealing.open_sealed(phone.push_sealed, context=SEALING_CONTEXT.format(pk=phone.pk))
    return Subscription(**json.loads(opened))


def unsubscribe(phone: Authenticator) -> bool:
    """Forget how the phone was reached; one that was told of meanwhile stays."""
    return (
        Authenticator.objects.filter(pk=phone.pk, push_sealed=phone.push_sealed).update(
            push_sealed=""
        )
        == 1
    )


def _seal(phone: Authenticator, subscription: Subscription) -> str:
    text = json.dumps(asdict(subscription)).encode()
    return sealing.seal(text, context=SEALING_CONTEXT.format(pk=phone.pk))


# ---- limits ----------------------------------------------------------------------------------


def admit_request(phone: Authenticator) -> None:
    """Count a request of the phone.

    Raises:
        Refused: ``too_many_requests`` with ``seconds``.

    """
    _admit("phone.request", phone.token_hash, REQUESTS_PER_MINUTE, MINUTE)


def admit_link(network: str) -> None:
    """Count a look at an invitation, so that nobody guesses codes.

    Raises:
        Refused: ``too_many_requests`` with ``seconds``.

    """
    _admit("phone.link", network, LINK_TRIES, LINK_WINDOW)


def poll_wait(token_hash: str) -> int:
    """Count a phone's question whether it is asked something; return the seconds to wait, or 0."""
    hit = counters.hit("phone.poll", token_hash, limit=POLLS_PER_MINUTE, window=MINUTE)
    return 0 if hit.allowed else max(1, hit.retry_after)


def _admit(name: str, key: str, limit: int, window: timedelta) -> None:
    hit = counters.hit(name, key, limit=limit, window=window)
    if not hit.allowed:
        raise Refused(Fault("", "too_many_requests", {"seconds": max(1, hit.retry_after)}))


def code_settings() -> dict[str, object]:
    """Return how the phone computes its codes without a connection (RFC 6238)."""
    return {
        "digits": numbers.get("identity.one_time_code_digits"),
        "period": numbers.get("identity.one_time_code_seconds"),
        "algorithm": "SHA1",
    }
