"""The copy of one's data, and the way to the account's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import clock, numbers
from hospes.identity.models import DataExport
from hospes.identity.queries.exports import recent
from hospes.identity.services.export import fetch, request_export
from hospes.identity.web.guards import recently_confirmed, signed_in, was_recently_confirmed
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show the copies there are, and have one made."""
    asked = cast("SignedInRequest", request)
    if request.method == "POST":
        if not was_recently_confirmed(asked.sign_in):
            return _confirm_first()
        try:
            request_export(acting_account=asked.account, origin=asked.origin)
        except Refused:
            messages.info(request, _("A copy is being made already."))
        else:
            messages.success(request, _("Your copy is being made. We mail you when it is ready."))
        return HttpResponseRedirect(reverse("settings_data"))
    exports = recent(asked.account)
    context = {
        "exports": exports,
        "making": any(item.state == DataExport.State.WAITING for item in exports),
        "days": numbers.get("identity.export_days"),
        "grace_days": numbers.get("identity.deletion_grace_days"),
        "now": clock.now(),
    }
    return render(request, "identity/settings/data.html", context)


def _confirm_first() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('confirm_password')}?next={reverse('settings_data')}")


@require_safe
@recently_confirmed
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand the ZIP file over."""
    asked = cast("SignedInRequest", request)
    content = fetch(str(public_id), acting_account=asked.account, origin=asked.origin)
    response = HttpResponse(content, content_type="application/zip")
    name = f"my-data-{clock.now():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
