"""Settings: deletion."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def ask(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def keep(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
