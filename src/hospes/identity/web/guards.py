"""Who may open a page: the decorators of signed-in, sensitive and staff pages."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hospes.foundation import clock, numbers
from hospes.identity.domain.lifetimes import is_recent
from hospes.identity.middleware import IdentityRequest
from hospes.site import browser_check

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from hospes.identity.models import Account, Browser, Session


class SignedInRequest(IdentityRequest):
    """A request that passed ``signed_in``."""

    account: Account
    sign_in: Session
    browser: Browser


def _way_back(request: HttpRequest) -> str:
    """Return where to go on afterwards: this page, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return request.path


def to_sign_in(request: HttpRequest, **extra: str) -> HttpResponseRedirect:
    """Return the redirect to the sign-in page that comes back here."""
    query = urlencode({"next": _way_back(request), **extra})
    url = f"{reverse('sign_in')}?{query}"
    # A browser without any cookie may be one that keeps none: the sign-in page can then tell.
    return HttpResponseRedirect(url) if request.COOKIES else browser_check.bounce(url)


def was_recently_confirmed(session: Session) -> bool:
    """Return whether the password was given within the sudo window."""
    window = timedelta(minutes=numbers.get("identity.sudo_minutes"))
    return is_recent(session.authenticated_at, clock.now(), window)


def signed_in(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Send people who are not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if cast("IdentityRequest", request).account is None:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def recently_confirmed(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Ask for the password again where it was last given too long ago ("sudo")."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        session = cast("IdentityRequest", request).sign_in
        if session is None:
            return to_sign_in(request)
        if not was_recently_confirmed(session):
            query = urlencode({"next": _way_back(request)})
            return HttpResponseRedirect(f"{reverse('confirm_password')}?{query}")
        return view(request, *args, **kwargs)

    return guarded


def staff_only(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Show the page to the provider's staff; to everybody else it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = cast("IdentityRequest", request).account
        if account is None or not account.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
