"""Signing in with a passkey alone, and confirming with one, beside the password on both pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hospes.foundation import metrics
from hospes.identity.services.two_step import passkeys
from hospes.identity.web import presence
from hospes.identity.web.guards import signed_in
from hospes.identity.web.two_step import passkey_browser
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest


def _back(request: IdentityRequest, name: str) -> HttpResponse:
    """Lead back to the page the form was on, for the account and with the aim it had."""
    following = presence.next_of(request)
    query = request.GET.copy()
    if following != "/":
        query["next"] = following
    return HttpResponseRedirect(f"{reverse(name)}{'?' if query else ''}{query.urlencode()}")


@require_POST
def options(request: IdentityRequest) -> HttpResponse:
    """Ask for any passkey of this site."""
    if not passkeys.available():
        raise Http404
    return passkey_browser.options(
        request, lambda value: passkeys.begin_sign_in(browser_value=value, origin=request.origin)
    )


@require_POST
def sign_in(request: IdentityRequest) -> HttpResponse:
    """Sign in whom the passkey names, and go on to ``next``."""
    command = passkeys.SignIn(
        answer=passkey_browser.answer_of(request),
        browser_value=passkey_browser.value_of(request),
        browser_token=request.browser_token,
        device=presence.device_of(request),
        browser=request.browser,
    )
    try:
        done = passkeys.sign_in(command, origin=request.origin)
    except Refused as refused:
        passkey_browser.count(refused, "")
        text = passkey_browser.words(refused, passkey_browser.SIGN_IN_MESSAGES)
        messages.error(request, text)
        return _back(request, "sign_in")
    metrics.sign_in("passkey_ok")
    return presence.welcome(request, done, presence.next_of(request))


@require_POST
@signed_in
def confirm_options(request: SignedInRequest) -> HttpResponse:
    """Ask for one of this account's passkeys."""
    return passkey_browser.options(
        request, lambda value: passkeys.begin_confirming(request.account, browser_value=value)
    )


@require_POST
@signed_in
def confirm(request: SignedInRequest) -> HttpResponse:
    """Let the passkey stand for the password, and go on to ``next``."""
    try:
        token = passkeys.confirm(
            request.sign_in,
            passkey_browser.answer_of(request),
            browser_value=passkey_browser.value_of(request),
            origin=request.origin,
        )
    except Refused as refused:
        passkey_browser.count(refused, "confirm")
        messages.error(request, passkey_browser.words(refused))
        return _back(request, "confirm_password")
    metrics.sign_in("confirm_ok")
    response = HttpResponseRedirect(presence.next_of(request))
    presence.set_browser(response, token)
    return response
