"""An organization's webhooks: the list, adding, changing, switching, the secret, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospes.api.forms.webhooks import (
    WEBHOOK_STATES,
    ListForm,
    SecretForm,
    WebhookForm,
    event_words,
    initial_of,
)
from hospes.api.queries import webhooks as queries
from hospes.api.services import webhooks as service
from hospes.foundation import numbers
from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import recently_confirmed
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse, HttpResponseBase

    from hospes.api.models import Webhook
    from hospes.organizations.web.access import MemberRequest


def one(request: MemberRequest, webhook: UUID) -> Webhook:
    """Return the webhook of the organization that is looked at.

    Raises:
        NotFound: it has none of that id.

    """
    found = queries.find(request.member.organization, str(webhook))
    if found is None:
        raise NotFound
    return found


def address_of(request: MemberRequest, webhook: Webhook) -> str:
    """Return the address of a webhook's page."""
    return reverse("webhook", args=[request.member.organization.public_id, webhook.public_id])


def to(request: MemberRequest, webhook: Webhook) -> HttpResponseRedirect:
    """Lead to a webhook's page."""
    return HttpResponseRedirect(address_of(request, webhook))


@require_safe
@in_organization(policies.leads)
def index(request: MemberRequest) -> HttpResponse:
    """List the webhooks, filtered by state and words."""
    organization = request.member.organization
    form = ListForm(request.GET)
    page = lists.page_of(request, _found(request, form))
    context = {
        "organization": organization,
        "tab": "webhooks",
        "page": page,
        "webhooks": list(page),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "query": lists.query_of(request),
    }
    return render(request, "api/webhooks.html", context, status=200 if form.is_valid() else 422)


@require_safe
@in_organization(policies.leads)
def export(request: MemberRequest) -> HttpResponseBase:
    """Send the list, filtered like the page, as a CSV file; a fault in the filter sends none."""
    head = [
        _("Address"), _("Description"), _("Events"), _("State"), _("Waiting"), _("Failed"),
        _("Last delivered"), _("Created"),
    ]  # fmt: skip
    return lists.csv_file("webhooks", head, _csv(_found(request, ListForm(request.GET))))


def _found(request: MemberRequest, form: ListForm) -> QuerySet[Webhook]:
    found = queries.of_organization(
        request.member.organization, form.wanted() if form.is_valid() else queries.Wanted()
    )
    return found if form.is_valid() else found.none()


def _csv(found: QuerySet[Webhook]) -> Iterator[tuple[object, ...]]:
    for each in found:
        counts = each.__dict__
        yield (
            each.url,
            each.description,
            ", ".join(str(event_words(event)) for event in each.events) or _("All"),
            WEBHOOK_STATES[queries.state_of(each)],
            counts["waiting"],
            counts["failed"],
            _instant(counts["last_at"]),
            _instant(each.created_at),
        )


def _instant(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(sep=" ", timespec="seconds") if moment else ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_organization(policies.leads)
@recently_confirmed
@sensitive_variables("added")
def create(request: MemberRequest) -> HttpResponse:
    """Ask where it leads and what it is told; add it; show its secret this once."""
    form = WebhookForm()
    if request.method == "POST":
        form = WebhookForm(request.POST)
        if form.is_valid():
            try:
                added = service.add_webhook(
                    form.draft(),
                    organization=request.member.organization,
                    acting_account=request.account,
                    origin=request.origin,
                )
            except Refused as refused:
                form.show_faults(refused)
            else:
                return _secret_page(request, added.webhook, added.secret, new=True)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def edit(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Change where a webhook leads and what it is told."""
    found = one(request, webhook)
    form = WebhookForm(initial=initial_of(found))
    if request.method == "POST":
        form = WebhookForm(request.POST)
        if form.is_valid():
            try:
                service.change_webhook(
                    found, form.draft(), acting_account=request.account, origin=request.origin
                )
            except Refused as refused:
                form.show_faults(refused)
            else:
                messages.success(request, _("Your changes are saved."))
                return to(request, found)
    return _form_page(request, form, found)


def _form_page(request: MemberRequest, form: WebhookForm, webhook: Webhook | None) -> HttpResponse:
    context = {"organization": request.member.organization, "form": form, "webhook": webhook}
    status = 422 if form.is_bound else 200
    return render(request, "api/webhook_form.html", context, status=status)


def _secret_page(
    request: MemberRequest, webhook: Webhook, secret: str, *, new: bool
) -> HttpResponse:
    """Return the page with the secret; it is built from this very answer and kept nowhere."""
    context = {
        "organization": request.member.organization,
        "webhook": webhook,
        "secret": secret,
        "new": new,
    }
    return render(request, "api/webhook_secret.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_organization(policies.leads)
@recently_confirmed
@sensitive_variables("secret")
def rotate(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Ask how, then replace the secret and show the new one this once."""
    found = one(request, webhook)
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        secret = service.rotate_secret(
            found,
            keep_old=form.cleaned_data["keep_old"],
            acting_account=request.account,
            origin=request.origin,
        )
        return _secret_page(request, found, secret, new=False)
    hours = numbers.get("api.webhook_secret_overlap_hours")
    context = {
        "heading": _("Replace the secret of the webhook?"),
        "text": ngettext(
            "You see the new one once. The old one can sign beside it for %(hours)d hour more.",
            "You see the new one once. The old one can sign beside it for %(hours)d hours more.",
            hours,
        )
        % {"hours": hours},
        "form": form,
        "confirm_label": _("Replace the secret"),
        "cancel_url": address_of(request, found),
    }
    return render(request, "site/confirm.html", context)


@require_POST
@in_organization(policies.leads)
def enable(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Switch a webhook on again."""
    found = one(request, webhook)
    service.enable(found, acting_account=request.account, origin=request.origin)
    messages.success(request, _("The webhook is switched on."))
    return to(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def disable(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Say what ends, then switch a webhook off."""
    found = one(request, webhook)
    if request.method == "POST":
        service.disable(found, acting_account=request.account, origin=request.origin)
        messages.success(request, _("The webhook is switched off."))
        return to(request, found)
    context = {
        "heading": _("Switch the webhook off?"),
        "text": _(
            "It is told of nothing any more until it is switched on, and what waits for it is "
            "given up. What was given up can be sent again from the log."
        ),
        "confirm_label": _("Switch off"),
        "cancel_url": address_of(request, found),
    }
    return render(request, "site/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def delete(request: MemberRequest, webhook: UUID) -> HttpResponse:
    """Say what is lost, then delete a webhook."""
    found = one(request, webhook)
    if request.method == "POST":
        service.delete_webhook(found, acting_account=request.account, origin=request.origin)
        messages.success(request, _("The webhook is deleted."))
        return HttpResponseRedirect(
            reverse("webhooks", args=[request.member.organization.public_id])
        )
    context = {
        "heading": _("Delete the webhook?"),
        "text": _(
            "The webhook to %(url)s ends at once, and its log and its secret are lost. This "
            "cannot be undone."
        )
        % {"url": found.url},
        "danger": True,
        "confirm_label": _("Delete"),
        "cancel_url": address_of(request, found),
    }
    return render(request, "site/confirm.html", context)
