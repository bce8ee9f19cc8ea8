"""What browsers may keep of this room's answers, and for how long."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from hospes import __version__
from hospes.foundation import numbers
from hospes.status.queries import board

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def answer(
    request: HttpRequest, make: Callable[[], HttpResponse], *, shared: bool = False
) -> HttpResponse:
    """Return what ``make`` makes, or 304 where the browser has it already.

    A page of somebody who is signed in shows who that is, and is made anew each time. A visitor's
    holds its own form token (for the language), so only that browser keeps it; ``shared`` is for
    answers that are the same for everybody who asks at this address.
    """
    if not shared and getattr(request, "account", None) is not None:
        return make()
    etag = _etag(request, shared=shared)
    response: HttpResponse
    conditional = get_conditional_response(request, etag=etag)
    response = conditional if isinstance(conditional, HttpResponse) else make()
    if response.status_code in {200, 304}:
        response.headers["ETag"] = etag
        seconds = numbers.get("status.cache_seconds")
        response.headers["Cache-Control"] = (
            f"{'public' if shared else 'private'}, max-age={seconds}"
        )
    if not shared:
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _etag(request: HttpRequest, *, shared: bool) -> str:
    parts = [
        __version__,
        settings.HOSPES.provider_name,
        settings.HOSPES.base_url,
        board.revision(),
        str(numbers.get("status.history_events")),
        str(numbers.get("status.feed_events")),
        request.get_full_path(),
    ]
    if not shared:
        # The theme, the language and the form token are in cookies.
        parts += [request.headers.get("Cookie", ""), request.headers.get("Accept-Language", "")]
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return f'W/"{digest[:32]}"'
