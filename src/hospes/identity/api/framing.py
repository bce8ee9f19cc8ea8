"""The frame of every JSON endpoint: read, let in by bearer token, answered in one envelope.

No cookie takes part, so no other site's form can act for anybody: there is no CSRF token here.
"""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from hospes.identity.services.two_step import phones
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest

    Endpoint = Callable[..., HttpResponse]

LONGEST_BODY = 16 * 1024
LONGEST_TOKEN = 200
BEARER = "bearer "

# By code: the status, and a sentence for whoever writes a client.
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "not_authorized": (401, "A bearer token of a linked device is needed."),
    "device_removed": (401, "This device was removed from the account."),
    "bad_signature": (403, "The signature is not the linked device's."),
    "not_found": (404, "There is no such thing for this device."),
    "already_processed": (404, "It was answered before, or needs no answer any more."),
    "link_unknown": (404, "There is no such invitation."),
    "method_not_allowed": (405, "The method is not allowed here."),
    "link_used": (410, "The invitation was used by another device."),
    "link_expired": (410, "The invitation has run out."),
    "expired": (410, "The time for an answer has run out."),
    "too_large": (413, "The body is too large."),
    "not_json": (400, "The body is no JSON object."),
    "wrong_number": (422, "This is not the number shown in the browser."),
    "number_required": (422, "The number shown in the browser is needed."),
    "validation_failed": (422, "Values of this request cannot be used."),
    "too_many_requests": (429, "Too many requests; try again later."),
}


def success(data: object, status: int = 200) -> JsonResponse:
    """Return ``data`` in the envelope."""
    return JsonResponse({"result": "success", "data": data}, status=status)


def failure(refused: Refused) -> JsonResponse:
    """Return a refusal in the envelope; faults of fields are listed, all at once."""
    fault = refused.faults[0]
    code = fault.code if fault.code in PROBLEMS else "validation_failed"
    status, description = PROBLEMS[code]
    error: dict[str, Any] = {"code": code, "description": description}
    if code == "validation_failed":
        error["errors"] = [
            {"code": each.code, "context": {"attribute": each.field, **each.params}}
            for each in refused.faults
        ]
    elif code == "wrong_number":
        error["tries_left"] = fault.params["tries_left"]
    response = JsonResponse({"result": "error", "error": error}, status=status)
    if code == "too_many_requests":
        response["Retry-After"] = str(fault.params["seconds"])
    if status == 401:  # noqa: PLR2004 - RFC 9110 §15.5.2
        response["WWW-Authenticate"] = 'Bearer realm="hospes"'
    return response


def endpoint(**methods: Endpoint) -> Endpoint:
    """Return a view that calls the function of the request's method (``GET=…``, ``PATCH=…``)."""

    def view(request: HttpRequest, **values: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        function: Endpoint = methods.get(method) or _not_allowed
        try:
            response = function(request, **values)
        except Refused as refused:
            response = failure(refused)
        if response.status_code == 405:  # noqa: PLR2004 - RFC 9110 §15.5.6
            response["Allow"] = ", ".join(sorted(methods))
        response["Cache-Control"] = "no-store"
        return response

    return cast("Endpoint", csrf_exempt(view))


def _not_allowed(_request: HttpRequest, **_values: Any) -> HttpResponse:
    raise Refused(Fault("", "method_not_allowed"))


def by_phone(function: Endpoint) -> Endpoint:
    """Let a linked phone in: call ``function(request, phone, …)``."""

    @wraps(function)
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        phone = phones.by_token(_bearer(request))
        phones.admit_request(phone)
        phones.note_seen(phone)
        return function(request, phone, **values)

    return guarded


def _bearer(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    token = header[len(BEARER) :].strip()
    if not header.lower().startswith(BEARER) or not token or len(token) > LONGEST_TOKEN:
        raise Refused(Fault("", "not_authorized"))
    return token


def body_of(request: HttpRequest, *, optional: bool = False) -> dict[str, Any]:
    """Return the body, a JSON object; an empty one where it may be left out.

    Raises:
        Refused: ``too_large`` or ``not_json``.

    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
        raise Refused(Fault("", "too_large"))
    raw = request.body
    if not raw and optional:
        return {}
    try:
        found = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(Fault("", "not_json"))
    return found


def asked(request: HttpRequest) -> IdentityRequest:
    """Return the request as the middleware left it."""
    return cast("IdentityRequest", request)
