"""Forgotten login, help from support, and a new address after the old one vanished."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation.errors import NotFound
from hospes.identity.domain import temporary_logins
from hospes.identity.forms.contacts import EMAIL_MESSAGES, EmailForm
from hospes.identity.forms.getting_back import (
    CASE_MESSAGES,
    REMINDER_MESSAGES,
    CaseForm,
    ReminderForm,
)
from hospes.identity.services import email_change
from hospes.identity.services.getting_back import cases, reminders
from hospes.identity.web import presence
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: IdentityRequest) -> HttpResponse:
    """Ask for the recovery phone; the answer is the same for every phone."""
    form = ReminderForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        command = form.command()
        try:
            reminders.ask(command, origin=request.origin)
        except Refused as refused:
            add_faults(form, refused, REMINDER_MESSAGES)
            status = 429 if refused.has("", "throttled") else 422
        else:
            return HttpResponseRedirect(f"{reverse('recover_login_sent')}?way={command.way}")
    return render(request, "identity/getting_back/login.html", {"form": form}, status=status)


@require_safe
def login_sent(request: IdentityRequest) -> HttpResponse:
    """Say that the login is under way, if the phone is somebody's."""
    way = "mail" if request.GET.get("way") == "mail" else "sms"
    context = {"way": way, "development": presence.shows_mailbox()}
    return render(request, "identity/getting_back/login_sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_help(request: IdentityRequest) -> HttpResponse:
    """Open a case that staff look into."""
    kinds = [kind for kind, _words in CaseForm.base_fields["kind"].choices]  # type: ignore[attr-defined] # a ChoiceField
    kind = request.GET.get("kind", "")
    form = CaseForm(request.POST or None, initial={"kind": kind if kind in kinds else kinds[0]})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            _case, token = cases.open_case(
                form.command(get_language() or "en"), origin=request.origin
            )
        except Refused as refused:
            add_faults(form, refused, CASE_MESSAGES)
            status = 429 if refused.has("", "throttled") else 422
        else:
            return HttpResponseRedirect(reverse("recover_case", args=[token]))
    return render(request, "identity/getting_back/help.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: IdentityRequest, token: str) -> HttpResponse:
    """Show how far a case is to whoever opened it, and let them withdraw it."""
    found = cases.by_token(token)
    if found is None:
        raise NotFound
    if request.method == "POST":
        if cases.withdraw(found, origin=request.origin):
            messages.success(request, _("Your request was withdrawn."))
        return HttpResponseRedirect(reverse("recover_case", args=[token]))
    return render(request, "identity/getting_back/case.html", {"case": found})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_address(request: HttpRequest) -> HttpResponse:
    """Ask somebody who signed in with a temporary login ID for the address they use from now on."""
    asked = cast("SignedInRequest", request)
    if not temporary_logins.is_placeholder(asked.account.email):
        return HttpResponseRedirect(presence.next_of(request))
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email = email_change.ask_email_change(
                form.command(), acting_account=asked.account, origin=asked.origin
            )
        except Refused as refused:
            add_faults(form, refused, EMAIL_MESSAGES)
        else:
            messages.success(
                request,
                _("We sent a mail to %(email)s. Open the link in it to confirm the address.")
                % {"email": email},
            )
            return HttpResponseRedirect(reverse("new_address"))
    context = {
        "form": form,
        "waiting": email_change.waiting_change(asked.account),
        "development": presence.shows_mailbox(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/getting_back/new_address.html", context, status=status)
