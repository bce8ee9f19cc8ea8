"""Pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def sign_in(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer that there is nothing here yet."""
    return HttpResponseNotFound()
