"""``POST /api/1/tokens/leaked``: whoever finds a token in the open has it revoked.

No token is needed to call it: who has a token may end it. The answer is the same for a token
that worked, one that never was and one that was revoked long ago.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from hospes.api.services.tokens import revoke_leaked
from hospes.foundation import clock, counters, numbers
from hospes.identity.domain.throttling import network_key
from hospes.rest import replies
from hospes.rest.faults import Problem, Wrong, wrong
from hospes.rest.replies import Reply

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.foundation.counters import Hit
    from hospes.identity.middleware import IdentityRequest

MOST = 100
LONGEST = 500
BODY_LIMIT = 64 * 1024
HOUR = 3600
ATTRIBUTE = "tokens"
_PREFLIGHT = {
    "Allow": "OPTIONS, POST",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": str(replies.PREFLIGHT_SECONDS),
}


@csrf_exempt
@sensitive_variables("values")
def report(request: HttpRequest) -> HttpResponse:
    """Revoke the tokens of the body, and tell their owners."""
    if request.method == "OPTIONS":
        return _answer(request, Reply(204, b"", _PREFLIGHT), {})
    if request.method != "POST":
        problem = Problem("method_not_allowed", headers={"Allow": "OPTIONS, POST"})
        return _answer(request, replies.failure(problem), {})
    limit = numbers.get("api.leak_reports_per_network")
    hit = counters.hit(
        "api.leak_reports",
        network_key(request.META.get("REMOTE_ADDR", "")),
        limit=limit,
        window=timedelta(seconds=HOUR),
    )
    told = _told(hit, limit)
    if not hit.allowed:
        problem = Problem("too_many_request", headers={"Retry-After": str(hit.retry_after)})
        return _answer(request, replies.failure(problem), told)
    try:
        values = _values(request)
    except Problem as problem:
        return _answer(request, replies.failure(problem), told)
    revoke_leaked(values, origin=cast("IdentityRequest", request).origin)
    return _answer(request, Reply(200, b'{"result":"success","data":true}'), told)


def _values(request: HttpRequest) -> list[str]:
    """Return what was reported; raise ``Problem`` naming everything that is wrong."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        raise Problem("body_too_large")
    try:
        content: Any = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Problem("invalid_json") from None
    if not isinstance(content, dict):
        raise Problem("invalid_json")
    faults: list[Wrong] = [wrong(name, "unknown") for name in content if name != ATTRIBUTE]
    values = content.get(ATTRIBUTE)
    if ATTRIBUTE not in content:
        faults.append(wrong(ATTRIBUTE, "required"))
    elif not isinstance(values, list):
        faults.append(wrong(ATTRIBUTE, "array"))
    elif not 1 <= len(values) <= MOST:
        faults.append(wrong(ATTRIBUTE, "max" if values else "min", (), min=1, max=MOST))
    else:
        faults += [
            wrong(f"{ATTRIBUTE}.{number}", "string")
            for number, value in enumerate(values)
            if not isinstance(value, str)
        ]
    if faults:
        raise Problem("validation_failed", *faults)
    return [value.strip() for value in cast("list[str]", values) if len(value) <= LONGEST]


def _told(hit: Hit, limit: int) -> dict[str, str]:
    left = str(max(0, limit - hit.count))
    return {
        "RateLimit": f'"network";r={left};t={hit.frees_in}',
        "RateLimit-Policy": f'"network";q={limit};w={HOUR}',
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": left,
        "X-RateLimit-Reset": str(clock.timestamp() + hit.frees_in),
    }


def _answer(request: HttpRequest, reply: Reply, told: dict[str, str]) -> HttpResponse:
    response = replies.response(reply, method=str(request.method))
    for name, value in {**told, "Cache-Control": "no-store"}.items():
        response[name] = value
    return response
