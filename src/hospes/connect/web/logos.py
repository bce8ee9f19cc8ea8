"""Logos of applications, as everybody may see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from hospes.connect.services.logos import folder

if TYPE_CHECKING:
    from django.http import HttpRequest

NAME = re.compile(r"([0-9a-f]{64})-(256|64)\.webp")
A_YEAR = 365 * 24 * 3600


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - everybody may see it
    """Return a logo: whoever is sent here by the application sees it before signing in."""
    match = NAME.fullmatch(name)
    content = folder().read(match[1], int(match[2])) if match else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/webp")
    # The name is the content's hash: what it names never changes.
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
