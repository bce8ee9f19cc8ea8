"""Finding out, without scripts, whether the browser keeps cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _name() -> str:
    return f"{settings.COOKIE_PREFIX}probe"


def arm(response: HttpResponse) -> None:
    """Set the probe cookie on a page or a redirect; the next request shows whether it was kept."""
    response.set_cookie(
        _name(), "1", path="/", secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
    )


def cookies_work(request: HttpRequest) -> bool | None:
    """Return whether cookies come back; ``None`` where this request cannot tell."""
    if request.COOKIES:
        return True
    return False if request.method == "POST" else None
