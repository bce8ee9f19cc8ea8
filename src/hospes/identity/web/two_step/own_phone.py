"""Codes by SMS: the number, and the code that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.foundation.errors import NotFound
from hospes.identity.domain import phones
from hospes.identity.forms.contacts import likely_region
from hospes.identity.forms.getting_back import CodeForm
from hospes.identity.forms.two_step import MESSAGES, NumberForm
from hospes.identity.services.two_step import sms
from hospes.identity.web import presence
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.identity.web.two_step.own_app import added
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import Method
    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code there."""
    if not sms.is_offered():
        raise NotFound
    asked = cast("SignedInRequest", request)
    initial = {"name": _("My phone"), "region": likely_region(asked.account)}
    form = NumberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            method = sms.begin(asked.account, **form.cleaned_data)
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            return _send(request, method)
    status = 422 if form.is_bound else 200
    return render(request, "identity/two_step/sms.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the code that was sent to the number, or send another one."""
    asked = cast("SignedInRequest", request)
    method = sms.waiting(asked.account, str(public_id))
    if method is None:
        raise NotFound
    if request.method == "POST" and "send" in request.POST:
        return _send(request, method)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = sms.confirm(method, form.cleaned_data["code"], origin=asked.origin)
        except Refused as refused:
            text = _("This is not the code. Look at the newest SMS, or have another one sent.")
            add_faults(form, refused, {("code", "wrong"): text})
        else:
            return added(request, method, codes, amr=("sms",))
    context = {
        "form": form,
        "phone": phones.shown(method.phone),
        "is_open": sms.open_code(method) is not None,
        "development": presence.shows_mailbox(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/two_step/sms_confirm.html", context, status=status)


def _send(request: HttpRequest, method: Method) -> HttpResponse:
    try:
        sms.send(method, origin=cast("SignedInRequest", request).origin)
    except Refused as refused:
        text = _("Several codes were sent to this number. Please try again in %(minutes)s min.")
        messages.error(request, text % refused.faults[0].params)
    return HttpResponseRedirect(reverse("two_step_sms_confirm", args=[method.public_id]))
