"""Getting back in by mail, and "this was not me"."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import numbers
from hospes.identity.domain import tokens
from hospes.identity.forms.getting_back import CodeForm, PasswordLostForm
from hospes.identity.forms.sign_up import MESSAGES, NewPasswordForm, describe_password
from hospes.identity.queries import sign_ins
from hospes.identity.services import recovery as service
from hospes.identity.services.device_names import device_name
from hospes.identity.web import presence
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import MailLink


COOKIE_LIFETIME = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: IdentityRequest) -> HttpResponse:
    """Ask for the address; the answer is the same for every address."""
    if request.method != "POST":
        device = presence.device_of(request)
        first = device.accounts[0].email if device.accounts else ""
        form = PasswordLostForm(initial={"email": first, "way": "mail"})
        return render(request, "identity/recover.html", {"form": form})
    form = PasswordLostForm(request.POST)
    status = 422
    if form.is_valid():
        way = form.cleaned_data["way"]
        token = secrets.token_urlsafe(tokens.BYTES) if way == "sms" else ""
        try:
            service.ask(
                form.cleaned_data["email"],
                way=way,
                browser_hash=tokens.fingerprint(token) if token else "",
                origin=request.origin,
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
            if not refused.has("email", "not_an_address"):
                status = 429
        else:
            if token:
                response = HttpResponseRedirect(reverse("recover_code"))
                presence.set_cookie(response, presence.RECOVER_COOKIE, token, COOKIE_LIFETIME)
                return response
            return HttpResponseRedirect(f"{reverse('recover_sent')}?{urlencode({'way': way})}")
    return render(request, "identity/recover.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: IdentityRequest) -> HttpResponse:
    """Ask for the code that was sent to the recovery phone, if there is one."""
    row = service.code_asked_by(tokens.fingerprint(presence.recover_value(request)))
    if row is None:
        messages.warning(request, _("That code has run out. Please ask for a new one."))
        return HttpResponseRedirect(reverse("recover"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = service.use_code(row, form.cleaned_data["code"], origin=request.origin)
        if token:
            response = HttpResponseRedirect(reverse("recover_reset", args=[token]))
            presence.delete_cookie(response, presence.RECOVER_COOKIE)
            return response
        form.add_error("code", _("This is not the code. Look at the newest SMS."))
    minutes = numbers.get("identity.sms_code_minutes")
    context = {"form": form, "minutes": minutes, "development": presence.shows_mailbox()}
    status = 422 if form.is_bound else 200
    return render(request, "identity/recover_code.html", context, status=status)


@require_safe
def sent(request: IdentityRequest) -> HttpResponse:
    """Say that a mail is under way, if the address is somebody's."""
    minutes = numbers.get("identity.reset_link_minutes")
    way = "recovery_mail" if request.GET.get("way") == "recovery_mail" else "mail"
    context = {"minutes": minutes, "way": way, "development": presence.shows_mailbox()}
    return render(request, "identity/recover_sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: IdentityRequest, token: str) -> HttpResponse:
    """Let the holder of the link set a new password."""
    link = service.find_reset(token)
    if link is None:
        return _gone(request)
    if request.method != "POST":
        return _reset_page(request, link, NewPasswordForm())
    form = NewPasswordForm(request.POST)
    return _set_password(request, link, form)


def _set_password(request: IdentityRequest, link: MailLink, form: NewPasswordForm) -> HttpResponse:
    if not form.is_valid():
        return _reset_page(request, link, form, status=422)
    try:
        done = service.reset(
            link,
            form.cleaned_data["password"],
            browser=sign_ins.browser_by_token(request.browser_token),
            origin=request.origin,
        )
    except Refused as refused:
        if refused.has("", "gone"):
            return _gone(request)
        add_faults(form, refused, MESSAGES)
        return _reset_page(request, link, form, status=422)
    messages.success(request, _("Your new password is set. Every other device was signed out."))
    if done.step is not None:
        return presence.to_step(done.step.token)
    if done.signed_in is None:
        query = urlencode({"login_hint": done.account.email})
        return HttpResponseRedirect(f"{reverse('sign_in')}?{query}")
    return presence.welcome(request, done.signed_in, "/")


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: IdentityRequest, token: str) -> HttpResponse:
    """End a sign-in that its owner does not know, and lead to a new password."""
    link = service.find_not_me(token)
    if link is None:
        return _gone(request)
    if request.method != "POST":
        session = service.session_of(link)
        return render(
            request,
            "identity/not_me.html",
            {
                "account": link.account,
                "session": session,
                "device": device_name(session.user_agent) if session else "",
            },
        )
    try:
        reset_token = service.repudiate(link, origin=request.origin)
    except Refused:
        return _gone(request)
    messages.success(
        request,
        _("That sign-in was ended and your account is locked. Your new password unlocks it."),
    )
    return HttpResponseRedirect(reverse("recover_reset", args=[reset_token]))


def _reset_page(
    request: IdentityRequest, link: MailLink, form: NewPasswordForm, *, status: int = 200
) -> HttpResponse:
    form.fields["password"].widget.attrs["autofocus"] = True
    describe_password(form, numbers.get("identity.password_minimum_length"))
    return render(
        request, "identity/reset.html", {"form": form, "account": link.account}, status=status
    )


def _gone(request: IdentityRequest) -> HttpResponse:
    return render(request, "identity/link_gone.html", {"kind": "recover"}, status=410)
