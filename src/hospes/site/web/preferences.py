"""Choosing the language and the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospes.kit.paths import safe_next
from hospes.site import language as languages
from hospes.site import preferences
from hospes.site.templatetags.site import asset

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in the browser and tell the rooms above; refuse an unknown one."""
    response = HttpResponseRedirect(safe_next(request.POST.get("next")))
    code = languages.supported(request.POST.get("language", ""))
    if code is None:
        messages.error(request, _("This language is not available here."))
        return response
    preferences.remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    languages.chosen(request, code)
    with translation.override(code):
        # Translators: name the language you translate to instead of English.
        messages.success(request, _("Pages are now shown in English."))
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead whoever asks at the old address to the icon; browsers find it in the page itself."""
    del request
    response = HttpResponseRedirect(asset("site/favicon.svg"))
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in the browser. ``system`` follows the device."""
    response = HttpResponseRedirect(safe_next(request.POST.get("next")))
    value = request.POST.get("theme", "")
    if value in {"light", "dark"}:
        preferences.remember(response, preferences.theme_cookie(), value)
    elif value == "system":
        preferences.forget(response, preferences.theme_cookie())
    return response
