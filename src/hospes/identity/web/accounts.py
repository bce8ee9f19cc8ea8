"""Several accounts in one browser: choose, switch, manage, log out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospes.identity.services import browsers, sessions
from hospes.identity.services.two_step import applications
from hospes.identity.web import presence

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import Session


@require_safe
def choose(request: IdentityRequest) -> HttpResponse:
    """Offer the accounts of this browser: signed in, or remembered on this device."""
    following = presence.next_of(request)
    query = urlencode({"next": following})
    return render(
        request,
        "identity/choose.html",
        {
            "sign_ins": request.sign_ins,
            "remembered": presence.absent(request),
            "next": following,
            "application": applications.name_of(following),
            "query": query,
            "other_url": f"{reverse('sign_in')}?{urlencode({'add': '1', 'next': following})}",
            "sign_up_url": f"{reverse('sign_up')}?{query}",
        },
    )


@require_POST
def switch(request: IdentityRequest) -> HttpResponse:
    """Make another account of this browser the current one.

    No password is asked while that account's session lives; otherwise the sign-in page is next,
    with the address filled in.
    """
    named = request.POST.get("account", "")
    following = presence.next_of(request)
    session = _here(request, named)
    if session is not None and browsers.switch(session, origin=request.origin):
        response = HttpResponseRedirect(following)
        device = presence.device_of(request)
        presence.set_device(response, browsers.remember(device, session.account))
        rotate_token(request)
        return response
    query = urlencode({"account": named, "next": following})
    return HttpResponseRedirect(f"{reverse('sign_in')}?{query}")


@require_safe
def manage(request: IdentityRequest) -> HttpResponse:
    """List the accounts of this browser, to add, log out of or forget them."""
    return render(
        request,
        "identity/manage.html",
        {
            "sign_ins": request.sign_ins,
            "current": request.sign_in,
            "remembered": presence.absent(request),
            "add_url": f"{reverse('sign_in')}?{urlencode({'add': '1', 'next': request.path})}",
        },
    )


@require_POST
def remove(request: IdentityRequest) -> HttpResponse:
    """Log out of an account, if it is signed in, and have the device forget it."""
    named = request.POST.get("account", "")
    device = presence.device_of(request)
    session = _here(request, named)
    known = session is not None or device.find(named) is not None
    if session is not None:
        _end(request, session)
    if known:
        messages.success(request, _("The account was removed from this device."))
    response = HttpResponseRedirect(reverse("manage_accounts"))
    presence.set_device(response, device.forget(named))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: IdentityRequest) -> HttpResponse:
    """Log out of the current account, of the one named, or of all."""
    if request.method != "POST":
        return render(request, "identity/sign_out.html", {"sign_ins": request.sign_ins})
    everybody = request.POST.get("all") == "1"
    named = request.POST.get("account", "")
    if everybody:
        leaving: tuple[Session, ...] = request.sign_ins
    elif named:
        found = _here(request, named)
        leaving = (found,) if found else ()
    else:
        leaving = (request.sign_in,) if request.sign_in else ()
    for session in leaving:
        _end(request, session)
    if len(leaving) > 1:
        messages.success(request, _("You are logged out of all accounts."))
    elif leaving:
        name = leaving[0].account.name
        messages.success(request, _("%(name)s is logged out.") % {"name": name})
    rotate_token(request)
    stays = request.sign_in is not None and request.sign_in not in leaving
    return HttpResponseRedirect(reverse("manage_accounts" if stays else "choose_account"))


def _here(request: IdentityRequest, public_id: str) -> Session | None:
    return next((item for item in request.sign_ins if item.account.public_id == public_id), None)


def _end(request: IdentityRequest, session: Session) -> None:
    sessions.end_session(session, reason="signed_out", actor=session.account, origin=request.origin)
