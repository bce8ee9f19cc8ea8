"""The Authenticator as an installable web app: its page, files, manifest and service worker.

Everything it keeps is on the phone; these views know no account. What it asks of the provider
goes to the JSON interface under ``/api``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.identity.web import authenticator_files as files
from hospes.site import csp, icons, preferences
from hospes.site.middleware import PERMISSIONS
from hospes.site.templatetags.site import asset

if TYPE_CHECKING:
    from django.http import HttpRequest

A_YEAR = 365 * 24 * 3600
# The colours of the bars around the app, as the site's own pages have them.
GROUND = "#f8f6f2"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Answer the one page that the app lives in; it holds nothing of the person."""
    build = files.build()
    names = preferences.languages()
    context = {
        "build": build,
        "boot": build.address("boot.js"),
        "main": build.address("main.js"),
        "sheet": build.address(files.SHEET),
        "dark": asset(files.DARK),
        "icons": [(name, icons.shapes()[name]) for name in files.ICONS],
        "language_names": " ".join(f"{code}:{name}" for code, name in names),
    }
    response = render(request, "identity/authenticator/app.html", context)
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["X-Frame-Options"] = "DENY"
    # Here, and only here, a page may ask for the camera.
    response.headers["Permissions-Policy"] = PERMISSIONS.replace("camera=()", "camera=(self)")
    # Nothing in it is anybody's own but the language, so a browser may come back to it.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _policy() -> str:
    """Return the page's policy: the site's own, its worker, and no string that becomes a script.

    Keys are at work in this page, so that injected text must stay text (W3C Trusted Types).
    """
    own = ("worker-src 'self'", "require-trusted-types-for 'script'", "trusted-types authenticator")
    return "; ".join((csp.policy(https=settings.HOSPES.https), *own))


@require_safe
def without_slash(request: HttpRequest) -> HttpResponse:
    """Lead to the app's address; a worker's scope ends with a slash."""
    del request
    return HttpResponseRedirect(files.BASE)


@require_safe
def file(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """Answer a file of the version this process serves, and of no other.

    A node of another version answers 404: a browser then tries again, and never mixes two.
    """
    build = files.build()
    found = build.files.get(name)
    if version != build.version or found is None:
        raise Http404
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.compressed if zipped else found.content, content_type=found.type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Vary"] = "Accept-Encoding"
    # A file opened by itself runs and shows nothing. (The page's own policy is not repeated with
    # each of its files.)
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Permissions-Policy"] = "camera=()"
    response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Answer the manifest (W3C Web Application Manifest) in the page's language."""
    del request
    provider = settings.HOSPES.provider_name
    told = {
        "id": files.BASE,
        "name": _("%(provider)s Authenticator") % {"provider": provider},
        "short_name": _("Authenticator"),
        "description": _("Confirms your sign-ins with a yes or no, and shows one-time codes."),
        "lang": translation.get_language() or "en",
        "dir": "ltr",
        "start_url": files.BASE,
        "scope": files.BASE,
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "categories": ["security", "utilities"],
        "icons": [
            _icon("icon-192.png", 192),
            _icon("icon-512.png", 512),
            _icon("maskable-192.png", 192, "maskable"),
            _icon("maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": _("Requests"), "url": f"{files.BASE}#/requests"},
            {"name": _("Add an account"), "url": f"{files.BASE}#/add"},
        ],
    }
    response = JsonResponse(told, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
    return {
        "src": asset(f"authenticator/{name}"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Answer the service worker; it differs exactly when something of the app does."""
    del request
    build = files.build()
    told = {
        "version": build.version,
        "files": build.stored,
        "pictures": {name: asset(path) for name, path in files.PICTURES.items()},
        "languages": list(settings.HOSPES.languages),
    }
    script = (
        f'import {{ start }} from "{build.address("worker.js")}";\nstart({json.dumps(told)});\n'
    )
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
