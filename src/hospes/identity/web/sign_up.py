"""Signing up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hospes.foundation import numbers
from hospes.identity.forms.sign_up import (
    MESSAGES,
    ChosenPasswordForm,
    NewPasswordForm,
    SignUpForm,
    describe_password,
)
from hospes.identity.queries import sign_ins
from hospes.identity.services import sign_up as service
from hospes.identity.web import presence
from hospes.kit.faults import Refused
from hospes.kit.paths import safe_next
from hospes.site import browser_check
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import SignUp

THROTTLES = {"throttled", "too_many_mails"}


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: IdentityRequest) -> HttpResponse:
    """Ask who the person is; the answer is the same for every address."""
    if request.method != "POST":
        return _begin_page(request, SignUpForm())
    form = SignUpForm(request.POST)
    complete = form.is_valid()
    given = form.cleaned_data
    command = service.BeginSignUp(
        email=given.get("email", ""),
        first_name=given.get("first_name", ""),
        last_name=given.get("last_name", ""),
        password=given.get("password", ""),
        locale=(get_language() or "en")[:5],
        timezone=given.get("timezone", "UTC"),
        continue_to=presence.next_of(request),
        browser_value=presence.sign_up_value(request),
    )
    if not complete:
        # What is wrong with the other fields is told in the same answer.
        others = [fault for fault in service.faults(command) if fault.field not in form.errors]
        if others:
            add_faults(form, Refused(others), MESSAGES)
        return _begin_page(request, form, status=422)
    try:
        value = service.begin(command, origin=request.origin)
    except Refused as refused:
        add_faults(form, refused, MESSAGES)
        return _begin_page(request, form, status=_status(refused))
    response = HttpResponseRedirect(reverse("sign_up_sent"))
    lifetime = timedelta(hours=numbers.get("identity.sign_up_link_hours"))
    presence.set_cookie(response, presence.SIGN_UP_COOKIE, value, lifetime)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: IdentityRequest) -> HttpResponse:
    """Say that a mail is under way, and send it again on request."""
    value = presence.sign_up_value(request)
    row = service.latest(value)
    if row is None:
        return HttpResponseRedirect(reverse("sign_up"))
    problem = ""
    status = 200
    if request.method == "POST":
        try:
            service.send_again(value, origin=request.origin)
        except Refused as refused:
            fault = refused.faults[0]
            if fault.code == "nothing":
                return HttpResponseRedirect(reverse("sign_up"))
            problem = str(MESSAGES[("", fault.code)]) % fault.params
            status = 429
        else:
            messages.success(request, _("The mail was sent again."))
            return HttpResponseRedirect(reverse("sign_up_sent"))
    context = {
        "email": row.email,
        "problem": problem,
        "hours": numbers.get("identity.sign_up_link_hours"),
        "development": presence.shows_mailbox(),
    }
    return render(request, "identity/sign_up_sent.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: IdentityRequest, token: str) -> HttpResponse:
    """Make the account; looking at the page makes nothing, only its button does."""
    row = service.find(token)
    if row is None or not service.is_open(row):
        return _gone(request, row)
    value = presence.sign_up_value(request)
    same = service.is_same_browser(row, value)
    form = ChosenPasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or (not same and not form.is_valid()):
        status = 422 if request.method == "POST" else 200
        return _confirm_page(request, row, token, same=same, form=form, status=status)
    try:
        done = service.confirm(
            row,
            browser_value=value,
            password=None if same else form.cleaned_data["password"],
            browser=sign_ins.browser_by_token(request.browser_token),
            origin=request.origin,
        )
    except Refused as refused:
        if refused.faults[0].code in {"gone", "taken"}:
            return _gone(request, service.find(token))
        add_faults(form, refused, MESSAGES)
        status = _status(refused)
        return _confirm_page(request, row, token, same=same, form=form, status=status)
    response = presence.welcome(request, done, safe_next(row.continue_to))
    presence.delete_cookie(response, presence.SIGN_UP_COOKIE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: IdentityRequest, token: str) -> HttpResponse:
    """Let the mail's reader set a password of their own instead of the one chosen before."""
    row = service.find(token)
    if row is None or not service.is_open(row):
        return _gone(request, row)
    if request.method != "POST":
        return _new_password_page(request, row, token, NewPasswordForm())
    form = NewPasswordForm(request.POST)
    if not form.is_valid():
        return _new_password_page(request, row, token, form, status=422)
    try:
        done = service.confirm_with_new_password(
            row,
            form.cleaned_data["password"],
            browser=sign_ins.browser_by_token(request.browser_token),
            origin=request.origin,
        )
    except Refused as refused:
        if refused.faults[0].code in {"gone", "taken"}:
            return _gone(request, service.find(token))
        add_faults(form, refused, MESSAGES)
        return _new_password_page(request, row, token, form, status=422)
    return presence.welcome(request, done, safe_next(row.continue_to))


@require_POST
def not_me(request: IdentityRequest, token: str) -> HttpResponse:
    """Throw away a sign-up that the mail's reader did not begin."""
    row = service.find(token)
    if row is None or not service.decline(row, origin=request.origin):
        return _gone(request, row)
    return render(request, "identity/sign_up_declined.html")


def _status(refused: Refused) -> int:
    return 429 if any(fault.code in THROTTLES for fault in refused.faults) else 422


def _begin_page(request: IdentityRequest, form: SignUpForm, *, status: int = 200) -> HttpResponse:
    following = presence.next_of(request)
    onward = urlencode({"next": following}) if following != "/" else ""
    describe_password(form, numbers.get("identity.password_minimum_length"))
    response = render(
        request,
        "identity/sign_up.html",
        {
            "form": form,
            "sign_in_url": f"{reverse('sign_in')}?{onward}",
            "cookies_off": browser_check.cookies_work(request) is False,
        },
        status=status,
    )
    browser_check.arm(response)
    return response


def _confirm_page(
    request: IdentityRequest,
    row: SignUp,
    token: str,
    *,
    same: bool,
    form: ChosenPasswordForm,
    status: int,
) -> HttpResponse:
    context = {"sign_up": row, "token": token, "same_browser": same, "form": form}
    return render(request, "identity/sign_up_confirm.html", context, status=status)


def _new_password_page(
    request: IdentityRequest,
    row: SignUp,
    token: str,
    form: NewPasswordForm,
    *,
    status: int = 200,
) -> HttpResponse:
    describe_password(form, numbers.get("identity.password_minimum_length"))
    context = {"sign_up": row, "token": token, "form": form}
    return render(request, "identity/sign_up_new_password.html", context, status=status)


def _gone(request: IdentityRequest, row: SignUp | None) -> HttpResponse:
    """Explain that the link is spent; a second click by its own person just goes on."""
    if row is not None and request.account is not None and request.account.email == row.email:
        return HttpResponseRedirect(safe_next(row.continue_to))
    return render(
        request,
        "identity/link_gone.html",
        {"kind": "sign_up", "used": row is not None and row.used_at is not None},
        status=410,
    )
