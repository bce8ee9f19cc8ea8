"""What a webhook was told: its log, one delivery, a test, sending again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospes.api.forms.webhooks import STATES, LogForm, event_words, fault_words
from hospes.api.queries import webhooks as queries
from hospes.api.services import webhooks_messages as service
from hospes.api.web.webhooks import address_of, one, to
from hospes.foundation import clock, numbers
from hospes.foundation.errors import NotFound
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from hospes.api.models import Webhook, WebhookDelivery
    from hospes.organizations.web.access import MemberRequest

# What is due goes out at once, and the message's page looks again until it did; where nothing
# works it gives up after this.
_AT_ONCE = timedelta(minutes=1)
_AGAIN_SECONDS = "2"
_ERRORS: Mapping[str, StrOrPromise] = {
    "forbidden": gettext_lazy("The name leads to an address that is not public"),
    "timeout": gettext_lazy("No answer in time"),
    "unreachable": gettext_lazy("Not reached, or no valid certificate"),
    "secret": gettext_lazy("The secret cannot be read here"),
}


def answer_words(status: int | None, error: str) -> str:
    """Return what came of a try, in words; "" where there was none."""
    if status is not None:
        return _("Answer %(status)s") % {"status": status}
    return str(_ERRORS.get(error, error))


@require_safe
@in_organization(policies.leads)
def detail(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Show a webhook and a page of its log, the newest first."""
    return _detail(request, one(request, webhook))


def _detail(request: MemberRequest, webhook: Webhook, fault: str = "") -> HttpResponse:
    form = LogForm(request.GET)
    before = lists.key_of(request.GET.get("before", ""))
    rows, older = (
        queries.page(webhook, form.chosen(), before=before) if form.is_valid() else ([], None)
    )
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "organization": request.member.organization,
        "webhook": webhook,
        "events": [event_words(event) for event in webhook.events],
        "old_secret_until": _still(webhook.old_secret_until),
        "failed": queries.failed(webhook),
        "form": form,
        "rows": [_row(row) for row in rows],
        "filtered": bool(kept),
        "later": before is not None,
        "query": urlencode(kept),
        "older_query": urlencode({**kept, "before": older}) if older else "",
        "fault": fault,
    }
    status = 422 if fault or not form.is_valid() else 200
    return render(request, "api/webhook.html", context, status=status)


def _still(until: datetime | None) -> datetime | None:
    return until if until is not None and until > clock.now() else None


def _row(delivery: WebhookDelivery) -> dict[str, object]:
    last = delivery.__dict__
    return {
        "delivery": delivery,
        "event": event_words(delivery.message.event),
        "state": STATES[delivery.state],
        "answer": answer_words(last["last_status"], last["last_error"] or ""),
        "last_at": last["last_at"],
    }


@require_safe
@in_organization(policies.leads)
def export(request: MemberRequest, webhook: UUID) -> HttpResponseBase:
    """Send the log, filtered like the page, as a CSV file; a fault in the filter sends no lines."""
    found = one(request, webhook)
    form = LogForm(request.GET)
    head = [_("Time"), _("Event"), _("State"), _("Attempts"), _("Last attempt"), _("Message")]
    rows = queries.whole(found, form.chosen()) if form.is_valid() else iter(())
    return lists.csv_file("webhook", head, _csv(rows))


def _csv(rows: Iterator[WebhookDelivery]) -> Iterator[tuple[object, ...]]:
    for delivery in rows:
        told = _row(delivery)
        yield (
            timezone.localtime(delivery.created_at).isoformat(sep=" ", timespec="seconds"),
            delivery.message.event,
            STATES[delivery.state][0],
            delivery.attempts,
            told["answer"],
            delivery.message.message_id,
        )


def _delivery(request: MemberRequest, webhook: UUID, delivery: int) -> WebhookDelivery:
    key = lists.key_of(str(delivery))
    found = queries.delivery(one(request, webhook), key) if key is not None else None
    if found is None:
        raise NotFound
    return found


@require_safe
@in_organization(policies.leads)
def show(request: MemberRequest, webhook: UUID, delivery: int) -> HttpResponse:
    """Show one message, its body, and every try to deliver it."""
    return _show(request, _delivery(request, webhook, delivery))


def _show(request: MemberRequest, delivery: WebhookDelivery, fault: str = "") -> HttpResponse:
    context = {
        "organization": request.member.organization,
        "webhook": delivery.webhook,
        "delivery": delivery,
        "event": event_words(delivery.message.event),
        "state": STATES[delivery.state],
        "tries": [
            {"row": row, "answer": answer_words(row.status, row.error)}
            for row in queries.tries(delivery)
        ],
        "body": json.dumps(json.loads(delivery.message.body), indent=2, ensure_ascii=False),
        "fault": fault,
    }
    response = render(request, "api/webhook_delivery.html", context, status=422 if fault else 200)
    if not fault and _is_going_out(delivery):
        response.headers["Refresh"] = _AGAIN_SECONDS
    return response


def _is_going_out(delivery: WebhookDelivery) -> bool:
    """Return whether the message is being sent, or is about to be."""
    webhook, now = delivery.webhook, clock.now()
    if delivery.next_at is None or webhook.disabled_at is not None:
        return False
    is_held = webhook.busy_until == delivery.next_at and delivery.next_at > now
    return is_held or timedelta(0) <= now - delivery.next_at < _AT_ONCE


@require_POST
@in_organization(policies.leads)
def test(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Send a test event and lead to its delivery."""
    found = one(request, webhook)
    try:
        delivery = service.send_test(found, acting_account=request.account, origin=request.origin)
    except Refused as refused:
        return _detail(request, found, fault_words(refused))
    messages.success(request, _("A test event is on its way."))
    return _to_delivery(request, delivery)


@require_POST
@in_organization(policies.leads)
def replay(request: MemberRequest, webhook: UUID, delivery: int) -> HttpResponse:
    """Send one message again."""
    found = _delivery(request, webhook, delivery)
    try:
        service.replay(found, acting_account=request.account, origin=request.origin)
    except Refused as refused:
        return _show(request, found, fault_words(refused))
    messages.success(request, _("The message is on its way again."))
    return _to_delivery(request, found)


def _to_delivery(request: MemberRequest, delivery: WebhookDelivery) -> HttpResponseRedirect:
    here = [request.member.organization.public_id, delivery.webhook.public_id, delivery.pk]
    return HttpResponseRedirect(reverse("webhook_delivery", args=here))


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def replay_failed(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Say how many messages that are, then send everything again that failed."""
    found = one(request, webhook)
    if request.method == "POST":
        since = clock.now() - timedelta(days=numbers.get("api.webhook_log_days"))
        try:
            count = service.replay_failed(
                found, since=since, acting_account=request.account, origin=request.origin
            )
        except Refused as refused:
            return _detail(request, found, fault_words(refused))
        text = ngettext(
            "%(count)d message is on its way again.", "%(count)d messages are on their way again.",
            count,
        )  # fmt: skip
        messages.success(request, text % {"count": count})
        return to(request, found)
    count = queries.failed(found)
    context = {
        "heading": ngettext(
            "Send %(count)d failed message again?", "Send %(count)d failed messages again?", count
        )
        % {"count": count},
        "text": _(
            "They go out with the same ids and bodies as before, so a receiver can tell those "
            "that it has already."
        ),
        "confirm_label": _("Send again"),
        "cancel_url": address_of(request, found),
    }
    return render(request, "site/confirm.html", context)
