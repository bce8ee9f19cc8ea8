"""Settings: profile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def edit(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
