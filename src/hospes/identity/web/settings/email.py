"""Changing the sign-in address: asked for here, confirmed and undone by links from mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hospes.foundation import numbers
from hospes.identity.forms.contacts import EMAIL_MESSAGES, EmailForm
from hospes.identity.models import MailLink
from hospes.identity.services import mail_links
from hospes.identity.services.email_change import (
    ask_email_change,
    confirm_email_change,
    undo_email_change,
    waiting_change,
    withdraw_email_change,
)
from hospes.identity.web.guards import signed_in
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def change(request: HttpRequest) -> HttpResponse:
    """Ask for the new address."""
    asked = cast("SignedInRequest", request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email = ask_email_change(
                form.command(), acting_account=asked.account, origin=asked.origin
            )
        except Refused as refused:
            add_faults(form, refused, EMAIL_MESSAGES)
        else:
            messages.success(
                request,
                _("We sent a mail to %(email)s. Open the link in it to finish the change.")
                % {"email": email},
            )
            return HttpResponseRedirect(reverse("settings_email"))
    context = {
        "form": form,
        "person": asked.account,
        "waiting": waiting_change(asked.account),
        "undo_days": numbers.get("identity.email_undo_days"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/email.html", context, status=status)


@require_POST
@signed_in
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the waiting change back."""
    asked = cast("SignedInRequest", request)
    if withdraw_email_change(acting_account=asked.account, origin=asked.origin):
        messages.success(request, _("The change was withdrawn."))
    return HttpResponseRedirect(reverse("settings_login"))


def link_unusable(request: HttpRequest) -> HttpResponse:
    """Say that a link from a mail does not work any more."""
    return render(request, "identity/settings/link_unusable.html", status=410)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it makes the new address the sign-in address."""
    link = mail_links.find(MailLink.Purpose.EMAIL_CHANGE, token)
    if link is None:
        return link_unusable(request)
    context = {"email": link.payload["email"], "old_email": link.account.email}
    if request.method != "POST":
        return render(request, "identity/settings/email_confirm.html", context)
    try:
        confirm_email_change(token, origin=cast("IdentityRequest", request).origin)
    except Refused:
        return link_unusable(request)
    return render(request, "identity/settings/email_confirmed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it gives the account its old address back."""
    link = mail_links.find(MailLink.Purpose.EMAIL_CHANGE_CANCEL, token)
    if link is None:
        return link_unusable(request)
    context = {"email": link.payload["email"], "present_email": link.account.email}
    if request.method != "POST":
        return render(request, "identity/settings/email_undo.html", context)
    try:
        undo_email_change(token, origin=cast("IdentityRequest", request).origin)
    except Refused as refused:
        if refused.has("", "address_taken"):
            context["taken"] = True
            return render(request, "identity/settings/email_undo.html", context, status=409)
        return link_unusable(request)
    return render(request, "identity/settings/email_undone.html", context)
