"""Webhooks of an organization, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from hospes.api.models import Webhook, WebhookAttempt, WebhookDelivery
from hospes.identity.models import Account
from hospes.organizations.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hospes.organizations.models import Organization

Deliveries: TypeAlias = QuerySet[WebhookDelivery]
PAGE = 50
_State = WebhookDelivery.State
_LEADS = (Membership.Role.OWNER, Membership.Role.ADMIN)


ON, FAILING, OFF = "on", "failing", "off"
_CONDITIONS = {
    ON: Q(disabled_at=None, failing_since=None),
    FAILING: Q(disabled_at=None, failing_since__isnull=False),
    OFF: Q(disabled_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which webhooks are asked for: ``words`` of address or description; "" is any."""

    words: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which deliveries are asked for; "" is any."""

    state: str = ""
    event: str = ""


def of_organization(organization: Organization, wanted: Wanted) -> QuerySet[Webhook]:
    """Return its webhooks, the newest first, with how many messages wait and failed."""
    found = Webhook.objects.filter(organization=organization)
    if wanted.state:
        found = found.filter(_CONDITIONS[wanted.state])
    for word in wanted.words.split():
        found = found.filter(Q(url__icontains=word) | Q(description__icontains=word))
    return found.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=_State.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__state=_State.FAILED)),
        last_at=Max("deliveries__finished_at", filter=Q(deliveries__state=_State.DELIVERED)),
    ).order_by("-id")


def state_of(webhook: Webhook) -> str:
    """Return whether it is on, failing or off."""
    if webhook.disabled_at is not None:
        return OFF
    return ON if webhook.failing_since is None else FAILING


def find(organization: Organization, public_id: str) -> Webhook | None:
    """Return one of the organization's webhooks; None for those of others."""
    return Webhook.objects.filter(organization=organization, public_id=public_id).first()


def log(webhook: Webhook, chosen: Chosen) -> Deliveries:
    """Return its deliveries, the newest first, each with what came of its last try."""
    last = WebhookAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-id")
    found = webhook.deliveries.select_related("message").annotate(
        last_at=Subquery(last.values("at")[:1]),
        last_status=Subquery(last.values("status")[:1]),
        last_error=Subquery(last.values("error")[:1]),
        last_milliseconds=Subquery(last.values("milliseconds")[:1]),
    )
    if chosen.state:
        found = found.filter(state=chosen.state)
    if chosen.event:
        found = found.filter(message__event=chosen.event)
    return found.order_by("-id")


def page(
    webhook: Webhook, chosen: Chosen, *, before: int | None
) -> tuple[list[WebhookDelivery], int | None]:
    """Return a page of the log below row ``before``, and where the next one begins, if any."""
    rows = log(webhook, chosen)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def whole(webhook: Webhook, chosen: Chosen) -> Iterator[WebhookDelivery]:
    """Return the whole log, for a file."""
    return log(webhook, chosen).iterator(chunk_size=500)


def delivery(webhook: Webhook, delivery_id: int) -> WebhookDelivery | None:
    """Return one delivery of this webhook, with its message and webhook."""
    return webhook.deliveries.select_related("message", "webhook").filter(pk=delivery_id).first()


def tries(delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """Return the tries of a delivery, the newest first."""
    return list(delivery.tries.order_by("-id"))


def failed(webhook: Webhook) -> int:
    """Return how many messages this webhook did not take."""
    return webhook.deliveries.filter(state=_State.FAILED).count()


def leading(organization_id: int) -> list[Account]:
    """Return the organization's legal representatives and administrators who can be mailed."""
    return list(
        Account.objects.filter(
            memberships__organization_id=organization_id,
            memberships__role__in=_LEADS,
            state=Account.State.ACTIVE,
        ).order_by("id")
    )
