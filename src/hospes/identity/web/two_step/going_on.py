"""Where somebody goes on who was stopped on the way there, to set two-step verification up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from django.conf import settings

from hospes.identity.web import presence
from hospes.kit.paths import safe_next

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE: Final = f"{settings.COOKIE_PREFIX}goes-on"
# Long enough to find the phone; a request of an application is asked anew after an hour.
LIFETIME: Final = timedelta(hours=1)
# What browsers keep in one cookie is 4096 bytes.
LONGEST: Final = 3800


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep ``next`` of the request, through however many pages the setting up takes."""
    value = quote(safe_next(request.GET.get("next"), ""), safe="/?&=")
    if value and len(value) <= LONGEST:
        presence.set_cookie(response, COOKIE, value, LIFETIME)


def address(request: HttpRequest) -> str:
    """Return where to go on, "" where nobody was stopped."""
    return safe_next(unquote(request.COOKIES.get(COOKIE, "")), "")
