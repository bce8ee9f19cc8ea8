"""The guide on cookies and JavaScript, and the style sheet that tells whether cookies work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.kit import useragents
from hospes.site import browser_check, guides

if TYPE_CHECKING:
    from django.http import HttpRequest


def agent_of(request: HttpRequest) -> useragents.Agent:
    """Return the browser at hand, as it introduces itself."""
    return useragents.parse(
        request.headers.get("User-Agent", ""), request.headers.get("Sec-CH-UA", "")
    )


@require_safe
def browser_help(request: HttpRequest, browser: str = "") -> HttpResponse:
    """Show the guide asked for, or that of the browser at hand; then list the others."""
    at_hand = guides.for_agent(agent_of(request))
    guide = guides.BY_KEY.get(browser) if browser else at_hand
    if guide is None:
        raise Http404
    others = [
        (label, [item for item in guides.GUIDES if item.device == device])
        for device, label in (
            ("computer", _("On a computer")),
            ("android", _("On Android")),
            ("iphone", _("On iPhone and iPad")),
            ("app", _("Inside another app")),
        )
    ]
    context = {
        "guide": guide,
        "at_hand": guide is at_hand,
        "own": at_hand,
        "others": others,
        "cookies_work": browser_check.cookies_work(request),
    }
    response = render(request, "site/help/browser.html", context)
    browser_check.arm(response)
    return response


@require_safe
def probe_sheet(request: HttpRequest) -> HttpResponse:
    """Answer the style sheet of an armed page: empty if its cookie came back.

    The class it shows starts hidden in the page's own style sheet.
    """
    works = browser_check.cookie_name() in request.COOKIES
    rule = "" if works else "@layer utilities{.cookies-off{display:flex}}"
    return HttpResponse(f"{rule}\n", content_type="text/css; charset=utf-8")
