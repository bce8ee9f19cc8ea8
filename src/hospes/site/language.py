"""Which language a request is answered in, and who else hears of a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    OnChoice = Callable[[HttpRequest, str], None]

MOST_ASKED = 10
_listeners: list[OnChoice] = []


def on_choice(listener: OnChoice) -> None:
    """Call ``listener(request, locale)`` whenever a person picks a language.

    The room of accounts keeps the choice in the account with it.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def chosen(request: HttpRequest, locale: str) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(request, locale)


def supported(code: str) -> str | None:
    """Return the installation's language that serves ``code``; ``de-CH`` is served by ``de``."""
    try:
        variant = get_supported_language_variant(code)
    except LookupError:
        return None
    return variant if variant in settings.HOSPES.languages else None


def of(request: HttpRequest) -> str:
    """Return the language: the account's, else the cookie's, else one that is asked for.

    An application asks in ``ui_locales`` (OpenID Connect Core §3.1.2.1), which sign-in pages
    carry on in their address; a browser in Accept-Language (RFC 9110 §12.5.4).
    """
    account = getattr(request, "account", None)
    candidates = [
        str(getattr(account, "locale", "") or ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
    ]
    candidates += request.GET.get("ui_locales", "").split()[:MOST_ASKED]
    accepted = request.headers.get("Accept-Language", "")
    candidates.extend(code for code, _ in parse_accept_lang_header(accepted) if code != "*")
    for candidate in filter(None, candidates):
        found = supported(candidate)
        if found:
            return found
    return supported(settings.LANGUAGE_CODE) or settings.HOSPES.languages[0]
