"""Pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def begin(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def sent(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def confirm(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def new_password(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def not_me(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
