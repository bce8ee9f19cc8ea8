"""Codes from any app: the seed to scan, the first code; and the backup codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.foundation.errors import NotFound
from hospes.identity.domain import assurance
from hospes.identity.forms.two_step import MESSAGES, FirstCodeForm, NameForm
from hospes.identity.services import sessions
from hospes.identity.services.two_step import backup_codes, totp
from hospes.identity.web import presence
from hospes.identity.web.two_step import qr
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.identity.web.two_step.link_phone import codes_text
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import Method
    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for a name and lead to the code that the app scans."""
    asked = cast("SignedInRequest", request)
    form = NameForm(request.POST or None, initial={"name": _("Authenticator app")})
    if request.method == "POST" and form.is_valid():
        try:
            made = totp.begin(asked.account, name=form.cleaned_data["name"])
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            return HttpResponseRedirect(reverse("two_step_app_scan", args=[made.method.public_id]))
    status = 422 if form.is_bound else 200
    return render(request, "identity/two_step/app.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def scan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the seed as a QR code and as text, and take the first code."""
    asked = cast("SignedInRequest", request)
    enrolment = totp.waiting(asked.account, str(public_id))
    if enrolment is None:
        raise NotFound
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = totp.confirm(enrolment.method, form.cleaned_data["code"], origin=asked.origin)
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            return added(request, enrolment.method, codes, amr=("otp",))
    form.fields["code"].widget.attrs["autofocus"] = True
    context = {
        "form": form,
        "enrolment": enrolment,
        "qr": qr.drawn(enrolment.uri),
    }
    status = 422 if form.is_bound else 200
    response = render(request, "identity/two_step/app_scan.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def codes(request: HttpRequest) -> HttpResponse:
    """Tell how many backup codes are left; make new ones after a warning."""
    asked = cast("SignedInRequest", request)
    if asked.account.two_step_since is None:
        return HttpResponseRedirect(reverse("two_step"))
    if request.method == "POST":
        return show_codes(request, backup_codes.regenerate(asked.account, origin=asked.origin))
    context = {"left": backup_codes.remaining(asked.account)}
    return render(request, "identity/two_step/codes.html", context)


def added(
    request: HttpRequest, method: Method, codes: tuple[str, ...], *, amr: Collection[str]
) -> HttpResponse:
    """Say that a method counts now, with the backup codes of a first one.

    Its first code was the second step of this sign-in as well: the next page does not ask for
    another one.
    """
    messages.success(request, _("%(name)s is set up.") % {"name": method.name})
    response: HttpResponse = HttpResponseRedirect(reverse("two_step"))
    if codes:
        response = show_codes(request, codes, first=True)
    session = cast("SignedInRequest", request).sign_in
    token = sessions.confirm_second_factor(session, amr=assurance.with_second(session.amr, amr))
    if token is not None:
        presence.set_browser(response, token)
    return response


def show_codes(request: HttpRequest, made: tuple[str, ...], *, first: bool = False) -> HttpResponse:
    """Show codes in clear, the only time; nothing of them is kept but their hashes."""
    context = {"codes": made, "first": first, "text": codes_text(request, made)}
    response = render(request, "identity/two_step/codes_shown.html", context)
    response["Cache-Control"] = "no-store"
    return response
