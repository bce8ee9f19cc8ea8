"""Pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def choose(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def sign_out(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def manage(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def switch(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()


def remove(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
