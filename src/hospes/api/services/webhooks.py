"""Adding, changing, switching and deleting webhooks."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from hospes.api.domain.webhooks import Draft, faults_of, tidy
from hospes.api.gateways.webhooks import loopback_allowed
from hospes.api.models import Webhook, WebhookDelivery
from hospes.foundation import clock, numbers, sealing
from hospes.foundation.services import audit
from hospes.kit.faults import Fault, Refused
from hospes.protocols.webhooks.signature import secret_of

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Organization

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Added:
    """``secret`` is shown now and not again."""

    webhook: Webhook
    secret: str


def context_of(webhook: Webhook) -> str:
    """Return what a webhook's secrets are sealed for."""
    return f"api.webhook:{webhook.public_id}"


def secrets_of(webhook: Webhook) -> tuple[str, ...]:
    """Return the secrets that sign now: the new one first, the old one while it still does.

    Raises:
        sealing.CannotOpen: the installation lacks the key they are sealed with.

    """
    sealed = [webhook.secret_sealed]
    if webhook.old_secret_until is not None and webhook.old_secret_until > clock.now():
        sealed.append(webhook.old_secret_sealed)
    context = context_of(webhook)
    return tuple(sealing.open_sealed(value, context=context).decode() for value in sealed if value)


def _new_secret() -> str:
    return secret_of(secrets.token_bytes(_KEY_BYTES))


def add_webhook(
    draft: Draft, *, organization: Organization, acting_account: Account, origin: Origin
) -> Added:
    """Add a webhook to ``organization`` and return it with its secret.

    Raises:
        Refused: naming every fault; nothing was stored.

    """
    wanted = _checked(draft)
    webhook = Webhook(
        public_id=str(uuid.uuid4()),
        organization=organization,
        url=wanted.url,
        description=wanted.description,
        events=list(wanted.events),
        created_by=acting_account,
        created_at=clock.now(),
    )
    secret = _new_secret()
    webhook.secret_sealed = sealing.seal(secret.encode(), context=context_of(webhook))
    try:
        with transaction.atomic():
            # Two that are added at once are counted one after the other.
            type(organization).objects.select_for_update().get(pk=organization.pk)
            limit = numbers.get("api.webhooks_per_organization")
            if Webhook.objects.filter(organization=organization).count() >= limit:
                raise Refused(Fault("", "too_many_webhooks", {"limit": limit}))
            webhook.save(force_insert=True)
            note("api.webhook_added", webhook, acting_account, origin)
    except IntegrityError as error:
        raise _taken(webhook) from error
    return Added(webhook, secret)


def change_webhook(
    webhook: Webhook, draft: Draft, *, acting_account: Account, origin: Origin
) -> bool:
    """Change a webhook's address, events and description; return whether anything was.

    Raises:
        Refused: naming every fault; nothing was changed.

    """
    wanted = _checked(draft)
    values = {
        "url": wanted.url,
        "description": wanted.description,
        "events": list(wanted.events),
    }
    changed = sorted(name for name, value in values.items() if getattr(webhook, name) != value)
    if not changed:
        return False
    try:
        with transaction.atomic():
            Webhook.objects.filter(pk=webhook.pk).update(**values)
            note("api.webhook_changed", webhook, acting_account, origin, {"changed": changed})
    except IntegrityError as error:
        raise _taken(webhook) from error
    for name, value in values.items():
        setattr(webhook, name, value)
    return True


def rotate_secret(
    webhook: Webhook, *, keep_old: bool, acting_account: Account, origin: Origin
) -> str:
    """Give a webhook a new secret and return it; the old one signs too for the overlap's hours."""
    secret = _new_secret()
    sealed = sealing.seal(secret.encode(), context=context_of(webhook))
    hours = numbers.get("api.webhook_secret_overlap_hours")
    with transaction.atomic():
        current = Webhook.objects.select_for_update().get(pk=webhook.pk)
        webhook.secret_sealed = sealed
        webhook.old_secret_sealed = current.secret_sealed if keep_old else ""
        webhook.old_secret_until = clock.now() + timedelta(hours=hours) if keep_old else None
        webhook.save(update_fields=("secret_sealed", "old_secret_sealed", "old_secret_until"))
        note("api.webhook_secret_replaced", webhook, acting_account, origin, {"overlap": keep_old})
    return secret


def enable(webhook: Webhook, *, acting_account: Account, origin: Origin) -> bool:
    """Switch a webhook on again; return False where it was on."""
    with transaction.atomic():
        changed = (
            Webhook.objects.filter(pk=webhook.pk)
            .exclude(disabled_at=None)
            .update(disabled_at=None, disabled_because="", failing_since=None)
        )
        if changed:
            note("api.webhook_enabled", webhook, acting_account, origin)
    return bool(changed)


def disable(webhook: Webhook, *, acting_account: Account, origin: Origin) -> bool:
    """Switch a webhook off; return False where it was off. What waited for it is given up."""
    with transaction.atomic():
        changed = switch_off(webhook, "")
        if changed:
            note("api.webhook_disabled", webhook, acting_account, origin)
    return changed


def switch_off(webhook: Webhook, because: str) -> bool:
    """Switch a webhook off within the transaction that is open; return False where it was off."""
    now = clock.now()
    changed = Webhook.objects.filter(pk=webhook.pk, disabled_at=None).update(
        disabled_at=now, disabled_because=because
    )
    if changed:
        WebhookDelivery.objects.filter(webhook=webhook, state=WebhookDelivery.State.WAITING).update(
            state=WebhookDelivery.State.FAILED, next_at=None, finished_at=now
        )
    return bool(changed)


def delete_webhook(webhook: Webhook, *, acting_account: Account, origin: Origin) -> None:
    """Delete a webhook with the log of what it was told."""
    with transaction.atomic():
        note("api.webhook_deleted", webhook, acting_account, origin)
        webhook.delete()


def note(
    action: str,
    webhook: Webhook,
    acting_account: Account | None,
    origin: Origin,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write down what was done with a webhook: its host alone, an address may hold a secret."""
    audit.record(
        action,
        actor=acting_account.pk if acting_account is not None else None,
        organization=webhook.organization_id,
        target=f"webhook:{webhook.public_id}",
        origin=origin,
        detail={"host": urlsplit(webhook.url).hostname or "", **(detail or {})},
    )


def faults_in(draft: Draft) -> tuple[Fault, ...]:
    """Return everything that is wrong with what a form says, as far as it tells by itself."""
    return faults_of(tidy(draft), loopback=loopback_allowed())


def _checked(draft: Draft) -> Draft:
    faults = faults_in(draft)
    if faults:
        raise Refused(faults)
    return tidy(draft)


def _taken(webhook: Webhook) -> Exception:
    del webhook
    return Refused(Fault("url", "already_there"))
