"""Who is asking: the browser's living sign-ins, read with one query per request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from hospes.identity.domain.temporary_logins import is_placeholder
from hospes.identity.queries import sign_ins
from hospes.identity.services import sessions
from hospes.kit.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse

    from hospes.identity.models import Account, Browser, Session

BROWSER_COOKIE = f"{settings.COOKIE_PREFIX}browser"
LONGEST_USER_AGENT = 400
LONGEST_COOKIE = 200
# What somebody with a temporary login ID may open before there is a new address: the page that
# asks for it, the way out, the ways back in, and what these pages need.
_OPEN_WITHOUT_ADDRESS = (
    "/sign-in",
    "/sign-out",
    "/accounts",
    "/email/confirm/",
    "/settings/recovery",
    "/recovery-email/confirm/",
    "/recover",
    "/language",
    "/theme",
    "/help",
    "/dev/",
)


class IdentityRequest(HttpRequest):
    """A request that passed ``SessionMiddleware``.

    ``sign_ins`` are all living sessions of this browser, oldest first; ``sign_in`` is the
    current one, None after logging out of it while others live on.
    """

    account: Account | None
    sign_in: Session | None
    browser: Browser | None
    browser_token: str
    sign_ins: tuple[Session, ...]
    origin: Origin


class SessionMiddleware:
    """Set ``account``, ``sign_in``, ``sign_ins``, ``browser``, ``origin`` on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Recognise the browser, then go on."""
        known = cast("IdentityRequest", request)
        recognise(known)
        if known.account is not None and is_placeholder(known.account.email):
            return _ask_address(known) or self.get_response(request)
        return self.get_response(request)


def _ask_address(request: IdentityRequest) -> HttpResponse | None:
    """Keep somebody whose sign-in address vanished at the page that asks for a new one."""
    if request.path_info.startswith(_OPEN_WITHOUT_ADDRESS):
        return None
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return HttpResponseRedirect(f"{reverse('new_address')}{'?' if query else ''}{query}")


def browser_token(cookies: Mapping[str, str]) -> str:
    """Return the value that names the browser, ``""`` where it brings none."""
    token = cookies.get(BROWSER_COOKIE, "")
    return token if len(token) <= LONGEST_COOKIE else ""


def origin_of(meta: Mapping[str, Any], current: Session | None = None) -> Origin:
    """Return where a request comes from."""
    return Origin(
        ip=meta.get("REMOTE_ADDR", ""),
        user_agent=meta.get("HTTP_USER_AGENT", "")[:LONGEST_USER_AGENT],
        session_id=current.pk if current else None,
    )


def recognise(request: IdentityRequest) -> None:
    """Fill in who asks; at most once a minute also write that the session was seen."""
    token = browser_token(request.COOKIES)
    found = sign_ins.of_browser(token) if token else ()
    current = next((item for item in found if item.pk == item.browser.current_session_id), None)
    request.browser_token = token
    request.sign_ins = found
    request.sign_in = current
    request.account = current.account if current else None
    request.browser = found[0].browser if found else None
    request.origin = origin_of(request.META, current)
    if current:
        sessions.note_seen(current)
