"""Headers that keep pages safe, and the language of each answer."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation

from hospes.site import csp, language
from hospes.site.web import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    Answer = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "browsing-topics",
    )
)
# Answers that Django and its decorators give without a text.
WORDLESS = {405, 413, 429}
TWO_YEARS = 2 * 365 * 24 * 3600


@lru_cache(maxsize=256)
def security_headers(*, https: bool, targets: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Return the headers of every page; ``targets`` are applications that its forms lead to."""
    headers = [
        ("Content-Security-Policy", csp.policy(https=https, targets=targets)),
        ("X-Frame-Options", "DENY"),
        # An application may have opened us in a pop-up that it waits for: cutting the tie to its
        # opener would break its sign-in. Everywhere else we stand alone in our process.
        ("Cross-Origin-Opener-Policy", "unsafe-none" if targets else "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        # Addresses hold single-use tokens and request parameters; no other site learns them.
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", PERMISSIONS),
        ("Cache-Control", "no-store"),
    ]
    if https:
        headers.append(("Strict-Transport-Security", f"max-age={TWO_YEARS}"))
    return tuple(headers)


class SecurityHeadersMiddleware:
    """Set the security headers; a view that set one itself keeps its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with headers."""
        response = self.get_response(request)
        own = "Content-Security-Policy" in response.headers
        targets = () if own else csp.form_targets(request)
        for name, value in security_headers(https=settings.HOSPES.https, targets=targets):
            if not (own and name == "X-Frame-Options"):
                response.headers.setdefault(name, value)
        return response


class LanguageMiddleware:
    """Answer in the person's language and time zone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the language active."""
        code = language.of(request)
        with translation.override(code), timezone.override(_zone(request)):
            request.LANGUAGE_CODE = code
            response = _in_words(request, self.get_response(request))
        response.headers.setdefault("Content-Language", code)
        return response


def _in_words(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give an empty refusal the page that explains it, to whoever reads pages."""
    if (
        response.status_code not in WORDLESS
        or not isinstance(response, HttpResponse)
        or response.content
        or not request.accepts("text/html")
    ):
        return response
    explained = errors.page(request, response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            explained.headers[name] = response.headers[name]
    return explained


def _zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    name = str(getattr(getattr(request, "account", None), "timezone", "") or settings.TIME_ZONE)
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
