"""The sign-in form as browsers send it, answered in front of Django's chain of middleware.

Beside the password's hash, which empties the processor's caches, each piece of code that a sign-in
passes costs twice. Here is only the ordinary case, decided by the same service as on the page. A
request that is unusual in any way goes on to the page as it came; so does a refusal, which the page
then puts into words without trying the password a second time.
"""

from __future__ import annotations

import io
import re
import secrets
import time
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpResponseRedirect, parse_cookie
from django.middleware.csrf import _does_token_match  # type: ignore[attr-defined] # the one place that knows how tokens are masked; the lock file pins it
from django.urls import reverse

from hospes.foundation import metrics, numbers
from hospes.identity.domain import addresses
from hospes.identity.domain.passwords import RAW_LIMIT
from hospes.identity.middleware import BROWSER_COOKIE, browser_token, origin_of
from hospes.identity.services import browsers
from hospes.identity.services import sign_in as service
from hospes.identity.web.presence import DEVICE_COOKIE, STEP_COOKIE, STEP_COOKIE_LIFETIME
from hospes.identity.web.sign_in import TRIED
from hospes.kit.paths import safe_next
from hospes.site import csp
from hospes.site.middleware import security_headers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from hospes.identity.domain.remembered import Device

FORM = "application/x-www-form-urlencoded"
LARGEST_BODY = 16 * 1024
MOST_FIELDS = 10
DAY = 24 * 3600
# Django's own forms of a secret and of the masked token in a page.
_CSRF_SECRET = re.compile(r"[A-Za-z0-9]{32}")
_CSRF_TOKEN = re.compile(r"[A-Za-z0-9]{32}(?:[A-Za-z0-9]{32})?")


@dataclass(frozen=True, slots=True)
class _Typed:
    email: str
    password: str
    following: tuple[str | None, str | None]
    cookies: dict[str, str]


class QuickSignIn:
    """Answers plain sign-ins and hands everything else on to ``pages``."""

    def __init__(self, pages: WSGIApplication) -> None:
        self._pages = pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        typed = None
        if environ.get("REQUEST_METHOD") == "POST" and environ.get("PATH_INFO") == _path():
            typed = _plain(environ)
        if typed is None:
            return self._pages(environ, start_response)
        # As Django does before its own requests.
        close_old_connections()
        device = browsers.open_device(typed.cookies.get(DEVICE_COOKIE, ""))
        try:
            done = service.sign_in(
                service.SignIn(
                    email=typed.email,
                    password=typed.password,
                    browser_token=browser_token(typed.cookies),
                    device=device,
                    continue_to=_onward(typed),
                ),
                origin=origin_of(environ),
            )
        except Exception as error:  # noqa: BLE001 - the page raises it again, where it is handled
            environ[TRIED] = error
            return self._pages(environ, start_response)
        if isinstance(done, service.StepNeeded):
            metrics.sign_in("step")
            start_response("302 Found", _headers_of_step(typed, done.token))
            return []
        metrics.sign_in("ok")
        start_response("302 Found", _headers(typed, done, device))
        return []


@cache
def _path() -> str:
    return reverse("sign_in")


def _plain(environ: WSGIEnvironment) -> _Typed | None:
    """Return what was typed; None, with the body put back, for whatever is not plain."""
    length = environ.get("CONTENT_LENGTH") or ""
    if (
        environ.get("CONTENT_TYPE") != FORM
        or environ.get("SCRIPT_NAME")
        or not (length.isascii() and length.isdigit() and int(length) <= LARGEST_BODY)
        or not _of_this_site(environ)
    ):
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        fields = parse_qsl(body.decode("ascii"), True, errors="strict", max_num_fields=MOST_FIELDS)
        query = parse_qsl(environ.get("QUERY_STRING", ""), True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    form = dict(fields)
    email, password = form.get("email", "").strip(), form.get("password", "")
    header = environ.get("HTTP_COOKIE", "")
    if (
        len(body) != int(length)
        or len(form) != len(fields)
        or not 0 < len(email) <= addresses.LONGEST
        or not 0 < len(password) <= RAW_LIMIT
        or any("\0" in value for value in form.values())
        or not header.isascii()
    ):
        return None
    cookies = parse_cookie(header)
    token, secret = form.get("csrfmiddlewaretoken", ""), cookies.get(settings.CSRF_COOKIE_NAME, "")
    # No less than Django's own check; where it fails, Django says so.
    if not (
        _CSRF_SECRET.fullmatch(secret)
        and _CSRF_TOKEN.fullmatch(token)
        and _does_token_match(token, secret)
    ):
        return None
    return _Typed(email, password, (form.get("next"), dict(query).get("next")), cookies)


def _of_this_site(environ: WSGIEnvironment) -> bool:
    """Return whether the form was sent by a page of ours; over TLS browsers must say so."""
    origin = environ.get("HTTP_ORIGIN")
    return bool(
        origin == settings.HOSPES.base_url or (origin is None and not settings.SECURE_COOKIES)
    )


def _onward(typed: _Typed) -> str:
    return safe_next(typed.following[0] or typed.following[1])


def _headers(typed: _Typed, done: service.SignedIn, device: Device) -> list[tuple[str, str]]:
    onward = "/"
    targets: tuple[str, ...] = ()
    if any(typed.following):
        # Django's own answer knows which addresses a redirect may hold, and how.
        onward = HttpResponseRedirect(_onward(typed)).headers["Location"]
        targets = csp.targets_of(*typed.following)
    device = browsers.remember(device, done.account)
    browser_days = numbers.get("identity.session_absolute_days")
    device_days = numbers.get("identity.remembered_browser_days")
    # Forms opened before the sign-in belong to somebody else: 32 letters, as Django makes them.
    csrf = secrets.token_hex(16)
    now = time.time()
    return [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Location", onward),
        ("Vary", "Cookie"),
        *security_headers(https=settings.HOSPES.https, targets=targets),
        ("Set-Cookie", cookie_line(BROWSER_COOKIE, done.browser_token, browser_days * DAY, now)),
        (
            "Set-Cookie",
            cookie_line(DEVICE_COOKIE, browsers.seal_device(device), device_days * DAY, now),
        ),
        (
            "Set-Cookie",
            cookie_line(settings.CSRF_COOKIE_NAME, csrf, settings.CSRF_COOKIE_AGE, now),
        ),
    ]


def _headers_of_step(typed: _Typed, token: str) -> list[tuple[str, str]]:
    lifetime = int(STEP_COOKIE_LIFETIME.total_seconds())
    targets = csp.targets_of(*typed.following) if any(typed.following) else ()
    return [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Location", reverse("verify")),
        *security_headers(https=settings.HOSPES.https, targets=targets),
        ("Set-Cookie", cookie_line(STEP_COOKIE, token, lifetime, time.time())),
    ]


def cookie_line(name: str, value: str, lifetime: int, now: float) -> str:
    """Return the header of a cookie as ``presence.set_cookie`` sets it; ``value`` is a token."""
    secure = "; Secure" if settings.SECURE_COOKIES else ""
    expires = formatdate(now + lifetime, usegmt=True)
    return (
        f"{name}={value}; expires={expires}; HttpOnly; Max-Age={lifetime}; Path=/; SameSite=Lax"
        f"{secure}"
    )
