"""Recovery address and phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import numbers
from hospes.identity.domain import phones
from hospes.identity.forms.contacts import (
    EMAIL_MESSAGES,
    PHONE_MESSAGES,
    RecoveryEmailForm,
    RecoveryPhoneForm,
    likely_region,
)
from hospes.identity.forms.getting_back import CodeForm
from hospes.identity.models import MailLink
from hospes.identity.services import mail_links
from hospes.identity.services import recovery_contacts as contacts
from hospes.identity.services.recovery_contacts import (
    ask_recovery_email,
    confirm_recovery_email,
    remove_recovery_email,
    remove_recovery_phone,
    set_recovery_phone,
)
from hospes.identity.web import presence
from hospes.identity.web.guards import signed_in
from hospes.identity.web.settings.email import link_unusable
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest


@require_safe
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show the ways back in."""
    account = cast("SignedInRequest", request).account
    context = {"person": account, "phone": phones.shown(account.recovery_phone)}
    return render(request, "identity/settings/recovery.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def email(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery address."""
    asked = cast("SignedInRequest", request)
    form = RecoveryEmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            address = ask_recovery_email(
                form.command(), acting_account=asked.account, origin=asked.origin
            )
        except Refused as refused:
            add_faults(form, refused, EMAIL_MESSAGES)
        else:
            messages.success(
                request,
                _("We sent a mail to %(email)s. Open the link in it to confirm the address.")
                % {"email": address},
            )
            return HttpResponseRedirect(reverse("settings_recovery"))
    context = {"form": form, "person": asked.account}
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/recovery_email.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def remove_email(request: HttpRequest) -> HttpResponse:
    """Ask, then take the recovery address away."""
    asked = cast("SignedInRequest", request)
    if request.method != "POST":
        return _ask(
            request,
            _("Remove the recovery address?"),
            _("Without it, a lost password can only be replaced from your sign-in address."),
        )
    if remove_recovery_email(acting_account=asked.account, origin=asked.origin):
        messages.success(request, _("The recovery address was removed."))
    return HttpResponseRedirect(reverse("settings_recovery"))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it makes the address the recovery address."""
    link = mail_links.find(MailLink.Purpose.RECOVERY_EMAIL, token)
    if link is None:
        return link_unusable(request)
    context = {"email": link.payload["email"]}
    if request.method != "POST":
        return render(request, "identity/settings/recovery_confirm.html", context)
    try:
        confirm_recovery_email(token, origin=cast("IdentityRequest", request).origin)
    except Refused:
        return link_unusable(request)
    return render(request, "identity/settings/recovery_confirmed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery phone number."""
    asked = cast("SignedInRequest", request)
    initial = {"region": likely_region(asked.account)}
    form = RecoveryPhoneForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_recovery_phone(form.command(), acting_account=asked.account, origin=asked.origin)
        except Refused as refused:
            add_faults(form, refused, PHONE_MESSAGES)
        else:
            return _send_phone_code(asked)
    context = {"form": form, "person": asked.account}
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/recovery_phone.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def confirm_phone(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent to the recovery phone, or send another one."""
    asked = cast("SignedInRequest", request)
    account = asked.account
    if not account.recovery_phone or account.recovery_phone_verified_at:
        return HttpResponseRedirect(reverse("settings_recovery"))
    if request.method == "POST" and "again" in request.POST:
        return _send_phone_code(asked)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if contacts.confirm_phone(
            form.cleaned_data["code"], acting_account=account, origin=asked.origin
        ):
            messages.success(request, _("The recovery phone is confirmed."))
            return HttpResponseRedirect(reverse("settings_recovery"))
        form.add_error("code", _("This is not the code. Look at the newest SMS."))
    context = {
        "form": form,
        "phone": phones.shown(account.recovery_phone),
        "is_open": contacts.phone_code_open(account) is not None,
        "minutes": numbers.get("identity.sms_code_minutes"),
        "development": presence.shows_mailbox(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/recovery_phone_confirm.html", context, status=status)


def _send_phone_code(asked: SignedInRequest) -> HttpResponse:
    try:
        contacts.ask_phone_code(acting_account=asked.account, origin=asked.origin)
    except Refused as refused:
        if refused.has("", "country"):
            text = _("The number was saved, but we send no SMS to that country.")
        else:
            text = (
                _("Too many codes were sent. Please try again in %(minutes)s min.")
                % refused.faults[0].params
            )
        messages.error(asked, text)
        return HttpResponseRedirect(reverse("settings_recovery"))
    return HttpResponseRedirect(reverse("settings_recovery_phone_confirm"))


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def remove_phone(request: HttpRequest) -> HttpResponse:
    """Ask, then take the recovery phone away."""
    asked = cast("SignedInRequest", request)
    if request.method != "POST":
        return _ask(
            request,
            _("Remove the recovery phone?"),
            _("Once removed, this number can no longer help you back into your account."),
        )
    if remove_recovery_phone(acting_account=asked.account, origin=asked.origin):
        messages.success(request, _("The recovery phone was removed."))
    return HttpResponseRedirect(reverse("settings_recovery"))


def _ask(request: HttpRequest, heading: str, text: str) -> HttpResponse:
    context = {
        "heading": heading,
        "text": text,
        "confirm_label": _("Remove"),
        "danger": True,
        "cancel_url": reverse("settings_recovery"),
    }
    return render(request, "site/confirm.html", context)
