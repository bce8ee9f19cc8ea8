"""Answering with a stored picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from hospes.identity.gateways.pictures import PictureFolder

NAME = re.compile(r"([0-9a-f]{64})-(256|64)\.webp")
A_YEAR = 365 * 24 * 3600


def shown(folder: PictureFolder, name: str, *, caches: str) -> HttpResponse:
    """Return the file called ``name``; ``caches`` says which keep it: "public" or "private".

    Raises:
        Http404: there is none of that name.

    """
    match = NAME.fullmatch(name)
    content = folder.read(match[1], int(match[2])) if match else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/webp")
    # The name is the content's hash: what it names never changes.
    response["Cache-Control"] = f"{caches}, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
