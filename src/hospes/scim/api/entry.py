"""The one door: every address below ``/scim/v2``, refusals too, answers in SCIM's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from hospes.foundation import logging
from hospes.identity.middleware import origin_of
from hospes.protocols.scim import reading
from hospes.protocols.scim.errors import ScimError
from hospes.scim.api import bulk, discovery, gate, resources
from hospes.scim.api.replies import Reply, method_not_allowed, of_error, to_response

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.scim.models import Directory

_BODILESS: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_TYPES: Final = frozenset({"application/scim+json", "application/json", ""})
_log = logging.get("hospes.scim")


@csrf_exempt
@never_cache
def scim(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer one request of a directory. A token and no cookie says whose it is."""
    try:
        ip = request.META.get("REMOTE_ADDR", "")
        directory = gate.admit(request.headers.get("Authorization", ""), ip=ip)
        reply = _run(request, directory, path)
    except ScimError as fault:
        reply = of_error(fault)
    except Exception as error:  # noqa: BLE001 - a directory is told in its own form
        _log.error("scim_failed", path=path[:200], exc_info=error)
        reply = of_error(ScimError("Something went wrong on our side.", status=500))
    return to_response(reply)


def _run(request: HttpRequest, directory: Directory, path: str) -> Reply:
    segments = tuple(part for part in path.split("/") if part)
    method = "GET" if request.method == "HEAD" else str(request.method)
    parameters = {name: values[-1] for name, values in request.GET.lists()}
    if segments and segments[0] in discovery.ENDPOINTS:
        return discovery.run(method, tuple(unquote(part) for part in segments), parameters)
    data = _body(request, largest=discovery.MOST_BULK_BYTES if segments == ("Bulk",) else 0)
    if segments == ("Bulk",):
        if method != "POST":
            return method_not_allowed("POST")
        return bulk.run(directory, data, origin=origin_of(request.META))
    return resources.run(
        resources.Call(
            directory,
            method,
            segments,
            origin_of(request.META),
            data=data,
            parameters=parameters,
            if_match=request.headers.get("If-Match", ""),
            if_none_match=request.headers.get("If-None-Match", ""),
        )
    )


def _body(request: HttpRequest, *, largest: int) -> dict[str, Any]:
    if request.method in _BODILESS:
        return {}
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise ScimError("The body is application/scim+json.", status=415)
    body = request.body
    if largest and len(body) > largest:
        raise ScimError(f"A bulk request has at most {largest} bytes.", kind="tooMany", status=413)
    return reading.load(body)
