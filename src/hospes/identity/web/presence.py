"""Who is here: the browser's cookies, and what the page frame shows of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from hospes.foundation import numbers
from hospes.identity.middleware import BROWSER_COOKIE, IdentityRequest
from hospes.identity.services import browsers
from hospes.identity.services.profile import ChangeProfile, change_profile
from hospes.kit.paths import safe_next
from hospes.site import frame, language

if TYPE_CHECKING:
    from hospes.identity.domain.remembered import Device, Remembered
    from hospes.identity.models import Account
    from hospes.identity.services.sign_in import SignedIn

DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}accounts"
SIGN_UP_COOKIE = f"{settings.COOKIE_PREFIX}sign-up"
# Held while a sign-in waits for its second step; the database has its hash.
RECOVER_COOKIE = f"{settings.COOKIE_PREFIX}recover"
STEP_COOKIE = f"{settings.COOKIE_PREFIX}step"
# Longer than any step stays open: whoever comes back too late is told so.
STEP_COOKIE_LIFETIME = timedelta(days=1)
LONGEST_VALUE = 200


def set_cookie(response: HttpResponse, name: str, value: str, lifetime: timedelta) -> None:
    """Set a cookie that scripts cannot read and other sites' forms do not bring along."""
    response.set_cookie(
        name,
        value,
        max_age=lifetime,
        path="/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def delete_cookie(response: HttpResponse, name: str) -> None:
    """Have the browser drop a cookie; ``__Host-`` ones only with the attributes they have."""
    set_cookie(response, name, "", timedelta(0))


def set_browser(response: HttpResponse, token: str) -> None:
    """Give the browser its new value."""
    set_cookie(
        response,
        BROWSER_COOKIE,
        token,
        timedelta(days=numbers.get("identity.session_absolute_days")),
    )


def device_of(request: HttpRequest) -> Device:
    """Return the accounts this device remembers, as its cookie came with the request."""
    known: Device | None = getattr(request, "remembered_device", None)
    if known is None:
        known = browsers.open_device(request.COOKIES.get(DEVICE_COOKIE, ""))
        request.remembered_device = known  # type: ignore[attr-defined]  # opened once a request
    return known


def set_device(response: HttpResponse, device: Device) -> None:
    """Have the device remember this list; an empty one leaves no cookie behind."""
    if not device.accounts:
        delete_cookie(response, DEVICE_COOKIE)
        return
    set_cookie(
        response,
        DEVICE_COOKIE,
        browsers.seal_device(device),
        timedelta(days=numbers.get("identity.remembered_browser_days")),
    )


def sign_up_value(request: HttpRequest) -> str:
    """Return the value that ties a sign-up's mail to the browser it was begun in."""
    value = request.COOKIES.get(SIGN_UP_COOKIE, "")
    return value if len(value) <= LONGEST_VALUE else ""


def recover_value(request: HttpRequest) -> str:
    """Return the value that ties a code by SMS to the browser that asked for it."""
    value = request.COOKIES.get(RECOVER_COOKIE, "")
    return value if len(value) <= LONGEST_VALUE else ""


def step_value(request: HttpRequest) -> str:
    """Return the value that names the sign-in this browser has begun, ``""`` where none."""
    value = request.COOKIES.get(STEP_COOKIE, "")
    return value if len(value) <= LONGEST_VALUE else ""


def to_step(token: str) -> HttpResponse:
    """Give the browser the cookie of its second step and go there."""
    response = HttpResponseRedirect(reverse("verify"))
    set_cookie(response, STEP_COOKIE, token, STEP_COOKIE_LIFETIME)
    return response


def next_of(request: HttpRequest, default: str = "/") -> str:
    """Return where to go on: only within this site."""
    return safe_next(request.POST.get("next") or request.GET.get("next"), default)


def shows_mailbox() -> bool:
    """Return whether mails can be read on a page of the installation itself."""
    return bool(settings.HOSPES.development or settings.HOSPES.demo)


def welcome(request: IdentityRequest, signed_in: SignedIn, to: str) -> HttpResponse:
    """Set the cookies of a completed sign-in and go on to ``to``."""
    response = HttpResponseRedirect(to)
    set_browser(response, signed_in.browser_token)
    set_device(response, browsers.remember(device_of(request), signed_in.account))
    # Forms opened before the sign-in belong to somebody else.
    rotate_token(request)
    return response


def absent(request: IdentityRequest) -> tuple[Remembered, ...]:
    """Return the remembered accounts that are not signed in here."""
    here = {item.account.public_id for item in request.sign_ins}
    return tuple(item for item in device_of(request).accounts if item.public_id not in here)


def _account(request: HttpRequest) -> Account | None:
    return cast("IdentityRequest", request).account


def _accounts(request: HttpRequest) -> list[Account | Remembered]:
    """Return the others one can switch to: signed in first, then remembered."""
    known = cast("IdentityRequest", request)
    others = [item.account for item in known.sign_ins if item != known.sign_in]
    return [*others, *absent(known)]


def _keep_language(request: HttpRequest, locale: str) -> None:
    """Keep the language picked in the frame in the account, so that its mails follow."""
    known = cast("IdentityRequest", request)
    account = known.account
    if account is not None:
        command = ChangeProfile(account.first_name, account.last_name, locale, account.timezone)
        change_profile(command, acting_account=account, origin=known.origin)


def register() -> None:
    """Let the page frame show who is signed in, and the account follow its choice of language."""
    language.on_choice(_keep_language)
    frame.contribute("account", _account)
    frame.contribute("accounts", _accounts)
