"""Finding out, without scripts, whether the browser keeps cookies.

Two ways, used together by the sign-in page. A page or redirect is *armed* with a probe cookie, and
the next request shows whether it came back. And the armed page links a tiny style sheet of ours:
browsers fetch it after they have stored the page's cookies, so if the probe is missing there, the
sheet makes the page's hidden notice visible. That needs neither scripts nor a second page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpResponseRedirect

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Marks the address a redirect leads to when the redirect carried the probe.
PARAMETER = "cookies"
SENT = "sent"


def cookie_name() -> str:
    """Return the probe cookie's name."""
    return f"{settings.COOKIE_PREFIX}probe"


def arm(response: HttpResponse) -> None:
    """Set the probe cookie on a page or a redirect; it lives as long as the browser is open."""
    response.set_cookie(
        cookie_name(),
        "1",
        path="/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def cookies_work(request: HttpRequest) -> bool | None:
    """Return whether cookies come back; ``None`` where this request cannot tell.

    A form that arrives without any cookie, or the target of an armed redirect, shows that cookies
    are off. A first visit shows nothing.
    """
    if request.COOKIES:
        return True
    if request.method == "POST" or request.GET.get(PARAMETER) == SENT:
        return False
    return None


def bounce(url: str) -> HttpResponseRedirect:
    """Redirect to a page of ours that then can tell, by ``cookies_work``, whether cookies are off.

    For the way from a page that needs a sign-in to the sign-in page.
    """
    parts = urlsplit(url)
    query = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PARAMETER
    ]
    query.append((PARAMETER, SENT))
    response = HttpResponseRedirect(urlunsplit(parts._replace(query=urlencode(query))))
    arm(response)
    return response
