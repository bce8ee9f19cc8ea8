"""The password again, before sensitive things ("sudo")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from hospes.foundation import metrics
from hospes.identity.forms.sign_in import ConfirmPasswordForm
from hospes.identity.forms.sign_up import MESSAGES
from hospes.identity.services import sign_in as service
from hospes.identity.services.two_step import applications, passkeys
from hospes.identity.web import presence
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Fault, Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.web.guards import SignedInRequest

OWN_MESSAGES = {**MESSAGES, ("password", "wrong"): _("This is not your password.")}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm(request: SignedInRequest) -> HttpResponse:
    """Ask the signed-in person for their password and go on to ``next``."""
    if request.method != "POST":
        return _page(request, ConfirmPasswordForm())
    form = ConfirmPasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        token = service.confirm(
            request.sign_in, form.cleaned_data["password"], origin=request.origin
        )
    except Refused as refused:
        metrics.sign_in(f"confirm_{refused.faults[0].code}")
        beside = Refused([Fault("password", item.code, item.params) for item in refused.faults])
        add_faults(form, beside, OWN_MESSAGES)
        throttled = refused.has("", "throttled")
        return _page(request, form, status=429 if throttled else 422)
    metrics.sign_in("confirm_ok")
    response = HttpResponseRedirect(presence.next_of(request))
    presence.set_browser(response, token)
    return response


def _page(
    request: SignedInRequest, form: ConfirmPasswordForm, *, status: int = 200
) -> HttpResponse:
    form.fields["password"].widget.attrs["autofocus"] = True
    following = presence.next_of(request)
    return render(
        request,
        "identity/confirm_password.html",
        {
            "form": form,
            "account": request.account,
            "recover_url": reverse("recover"),
            "passkeys": passkeys.usable_by(request.account),
            "next": following,
            "application": applications.name_of(following),
            "way_out": applications.way_out(following),
        },
        status=status,
    )
