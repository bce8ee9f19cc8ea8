"""A page of this room."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def index(request: HttpRequest, **parts: object) -> HttpResponse:
    """Answer nothing yet."""
    raise Http404


def detail(request: HttpRequest, **parts: object) -> HttpResponse:
    """Answer nothing yet."""
    raise Http404


def edit(request: HttpRequest, **parts: object) -> HttpResponse:
    """Answer nothing yet."""
    raise Http404
