"""The API answers before anything that pages need: no cookie is read, no session, no language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import Resolver404, resolve

from hospes.rest import dispatch, registry, replies
from hospes.rest.faults import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class ApiMiddleware:
    """Answer what lies below ``/api/`` unless a page or another room's protocol is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request, or hand it on."""
        path = request.path_info
        if not path.startswith(dispatch.PREFIX):
            return self.get_response(request)
        below = path.removeprefix(dispatch.PREFIX)
        if registry.find(below, str(request.method)) is not None:
            return dispatch.answer(request, registry.find)
        try:
            resolve(path)
        except Resolver404:
            reply = replies.failure(Problem("method_not_found"))
            return replies.response(reply, method=str(request.method))
        return self.get_response(request)
