"""``/api/openapi.json`` and ``/api/docs``: the API's document, for programs and for people.

Both are in English only, like the descriptions they are made of.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

import hospes
from hospes.api.queries import endpoints
from hospes.rest import openapi, paging, replies

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hospes.rest.openapi import About


@lru_cache(maxsize=2)
def _document(about: About) -> dict[str, Any]:
    return openapi.document(about)


@lru_cache(maxsize=2)
def _json(about: About) -> tuple[bytes, str]:
    """Return the document as it is sent, with its entity tag."""
    text = json.dumps(_document(about), ensure_ascii=False, separators=(",", ":")).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


@lru_cache(maxsize=2)
def _endpoints(about: About) -> str:
    """Return the list of endpoints as HTML: long, and for everybody the same."""
    with translation.override("en"):
        return render_to_string(
            "api/_docs_endpoints.html", {"groups": endpoints.groups(_document(about))}
        )


def _about() -> About:
    return openapi.About(
        title=f"{settings.HOSPES.provider_name} API",
        version=hospes.__version__,
        base_url=settings.HOSPES.base_url,
        page=paging.page_size(),
        most=paging.largest_page(),
    )


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI document; who has it already gets 304."""
    text, tag = _json(_about())
    known = request.headers.get("If-None-Match", "")
    if tag in known:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(text, content_type=replies.JSON)
    for name, value in replies.HEADERS.items():
        response[name] = value
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show every endpoint, with examples and, where it only reads, a form to try it."""
    about = _about()
    with translation.override("en"):
        context = {
            "api_title": about.title,
            "base": f"{about.base_url}/api",
            "endpoints": _endpoints(about),
            "scopes": endpoints.scopes(),
        }
        return render(request, "api/docs.html", context)
