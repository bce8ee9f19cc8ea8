"""What every page with a passkey shares: the browser's cookie, its questions, the words."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospes.foundation import metrics
from hospes.identity.domain import tokens
from hospes.identity.web import presence
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

COOKIE = f"{settings.COOKIE_PREFIX}passkey"
# Longer than any challenge: several open pages of one browser share the value.
COOKIE_LIFETIME = timedelta(days=1)
ANSWER_FIELD = "passkey"

SIGN_IN_MESSAGES: dict[str, StrOrPromise] = {
    "wrong": gettext_lazy(
        "This passkey cannot sign in here. Please use your password; if your account is locked, "
        "a new password unlocks it."
    ),
}
MESSAGES: dict[str, StrOrPromise] = {
    "wrong": gettext_lazy("This passkey does not belong to this account, or was removed from it."),
    "unfit": gettext_lazy("Your browser sent no passkey. Please try again."),
    "stale": gettext_lazy("That took too long. Please try again."),
    "copied": gettext_lazy(
        "This passkey was refused, because there may be a copy of it. Please use another way and "
        "then remove this passkey."
    ),
    "throttled": gettext_lazy("Too many attempts. Please try again in %(minutes)s min."),
    "known": gettext_lazy("This passkey is in use already."),
    "too_many": gettext_lazy(
        "More than %(maximum)s passkeys cannot be added. Please remove one first."
    ),
    "gone": gettext_lazy("This page is out of date. Please try again."),
}


def value_of(request: HttpRequest) -> str:
    """Return the value that ties a challenge to this browser, ``""`` where it has none."""
    value = request.COOKIES.get(COOKIE, "")
    return value if len(value) <= presence.LONGEST_VALUE else ""


def answer_of(request: HttpRequest) -> str:
    """Return what the browser's passkey answered, as the form brought it."""
    return request.POST.get(ANSWER_FIELD, "")


def options(request: HttpRequest, begin: Callable[[str], dict[str, Any]]) -> HttpResponse:
    """Answer the page's script with a question for the passkey.

    ``begin`` gets the browser's value, which is set with the answer where there was none.
    """
    value = value_of(request) or secrets.token_urlsafe(tokens.BYTES)
    try:
        asked = begin(value)
    except Refused as refused:
        fault = refused.faults[0]
        error = {"code": fault.code, "description": words(refused)}
        return JsonResponse({"result": "error", "error": error}, status=409)
    response = JsonResponse({"result": "success", "data": asked})
    presence.set_cookie(response, COOKIE, value, COOKIE_LIFETIME)
    return response


def words(refused: Refused, over: dict[str, StrOrPromise] | None = None) -> str:
    """Return a refusal in words; ``over`` holds those of one page."""
    fault = refused.faults[0]
    text = (over or {}).get(fault.code) or MESSAGES.get(fault.code)
    return str(text) % fault.params if text else _("This value cannot be accepted.")


def count(refused: Refused, kind: str) -> None:
    """Count a refusal; ``kind`` is ``""`` at the first step, ``confirm`` or ``step``."""
    code = refused.faults[0].code
    metrics.sign_in(f"passkey_{kind}_{code}" if kind else f"passkey_{code}")
