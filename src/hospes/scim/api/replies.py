"""Answers in SCIM's own form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.protocols.scim.errors import ScimError

MEDIA_TYPE: Final = "application/scim+json"


@dataclass(frozen=True, slots=True)
class Reply:
    """``document`` None is an answer without a body."""

    status: int = 200
    document: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def of_resource(
    document: Mapping[str, Any], shown: Mapping[str, Any], *, status: int = 200
) -> Reply:
    """Answer with one resource: ``shown`` is what was asked for of ``document``."""
    headers = {"ETag": document["meta"]["version"]}
    if status == 201:  # noqa: PLR2004 - Created
        headers["Location"] = document["meta"]["location"]
    else:
        headers["Content-Location"] = document["meta"]["location"]
    return Reply(status, shown, headers)


def of_error(fault: ScimError) -> Reply:
    """Answer with a refusal."""
    headers = {}
    if fault.status == 401:  # noqa: PLR2004 - Unauthorized
        headers["WWW-Authenticate"] = 'Bearer realm="SCIM"'
    if fault.retry_after:
        headers["Retry-After"] = str(fault.retry_after)
    return Reply(fault.status, fault.document(), headers)


def method_not_allowed(*allowed: str) -> Reply:
    """Answer that the address does not know the method."""
    fault = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "405",
        "detail": f"This address knows {', '.join(allowed)} only.",
    }
    return Reply(405, fault, {"Allow": ", ".join(allowed)})


def to_response(reply: Reply) -> HttpResponse:
    """Return the answer as Django sends it."""
    if reply.document is None:
        response = HttpResponse(status=reply.status)
        del response.headers["Content-Type"]
    else:
        body = json.dumps(reply.document, ensure_ascii=False, separators=(",", ":"))
        response = HttpResponse(body.encode(), status=reply.status, content_type=MEDIA_TYPE)
    for name, value in reply.headers.items():
        response.headers[name] = value
    return response
