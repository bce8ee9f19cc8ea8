"""Connected applications: what a person has allowed, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hospes.connect import queries
from hospes.connect.domain.scopes import split
from hospes.connect.services.revocation import withdraw_consent
from hospes.connect.web.access import instant
from hospes.connect.web.words import described, host_of
from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import signed_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.connect.models import Consent
    from hospes.identity.web.guards import SignedInRequest


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """List what this account allowed, when, and to whom."""
    account = cast("SignedInRequest", request).account
    used = queries.last_used(account)
    rows = [
        {**_row(consent), "used": instant(used.get(consent.application.client_id))}
        for consent in queries.consents_of(account)
    ]
    return render(request, "connect/connected.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@signed_in
def remove(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Ask, then end the application's access."""
    person = cast("SignedInRequest", request)
    consent = queries.consent_of(person.account, str(client_id))
    if consent is None:
        raise NotFound
    if request.method == "GET":
        return render(request, "connect/connected_remove.html", {"row": _row(consent)})
    withdraw_consent(consent.application, acting_account=person.account, origin=person.origin)
    messages.success(
        request,
        _("%(name)s can no longer see your account.") % {"name": consent.application.name},
    )
    return HttpResponseRedirect(reverse("settings_applications"))


def _row(consent: Consent) -> dict[str, object]:
    application = consent.application
    return {
        "application": application,
        "organization": application.organization,
        "host": host_of(application.website),
        "granted": instant(consent.granted_at),
        "scopes": described(
            split(consent.scope), consent.organization.name if consent.organization else ""
        ),
        "asks_phone": bool(application.backchannel_mode),
    }
