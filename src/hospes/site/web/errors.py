"""The pages for what went wrong."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hospes.site.frame import Frame

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says."""

    heading: _StrOrPromise
    lead: _StrOrPromise
    icon: str = "alert"


WORDS = {
    400: Words(
        _("We could not read this request"),
        _("Something in the address or the form was incomplete or damaged. Nothing was changed."),
    ),
    403: Words(
        _("You may not open this page"),
        _(
            "Your account does not have the right to see it. If you need it, ask an administrator "
            "of your organization."
        ),
        "lock",
    ),
    404: Words(
        _("This page does not exist"),
        _("The address may be mistyped, or the page has moved or was removed."),
        "search",
    ),
    405: Words(
        _("This address cannot be used that way"),
        _("Please go back and follow the link or use the button on the page."),
    ),
    413: Words(
        _("This is too large"),
        _("What you sent is larger than we accept. Choose a smaller file and try again."),
        "upload",
    ),
    429: Words(
        _("Too many attempts"),
        _("To protect accounts, we limit how often this can be done. Please wait and try again."),
        "clock",
    ),
    500: Words(
        _("Something went wrong on our side"),
        _(
            "This is our mistake, not yours. It has been noted. Please try again in a moment; if "
            "it stays, tell our support what you were doing."
        ),
    ),
}


def page(request: HttpRequest, status: int, *, retry_after: int = 0) -> HttpResponse:
    """Return the page for ``status``. It reads no database. ``retry_after`` is in seconds."""
    context = {
        "status": status,
        "words": WORDS[status],
        "retry_after": retry_after,
        "minutes": -(-retry_after // 60),
        "frame": Frame(request, bare=True),
    }
    text = render_to_string("site/errors/error.html", context, request)
    response = HttpResponse(text, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return page(request, 413 if type(exception).__name__ == "RequestDataTooBig" else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    del exception
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    del exception
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, in the look where rendering still works, in plain words where it does not."""
    try:
        return page(request, 500)
    except Exception:
        logger.exception("error_page_failed")
        return HttpResponse(
            "Something went wrong on our side. Please try again in a moment.\n",
            status=500,
            content_type="text/plain; charset=utf-8",
        )


def too_many_requests(request: HttpRequest, retry_after: int) -> HttpResponse:
    """Answer 429; ``retry_after`` in seconds becomes the header (RFC 9110, 10.2.3) too."""
    return page(request, 429, retry_after=max(1, retry_after))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form without its token: mostly cookies are off, or the page is old."""
    context = {
        "cookies_off": reason == REASON_NO_CSRF_COOKIE,
        "frame": Frame(request, bare=True),
    }
    return HttpResponse(render_to_string("site/errors/csrf.html", context, request), status=403)
