"""Pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def confirm(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
