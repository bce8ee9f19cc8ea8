"""Pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def ask(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def sent(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def reset(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def not_me(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
