"""The envelope: how an answer goes out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pydantic_core
from django.conf import settings
from django.http import HttpResponse
from pydantic import TypeAdapter

from hospes.foundation import clock
from hospes.rest import paging
from hospes.rest.answers import Answer, Item, Started

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.rest.faults import Problem
    from hospes.rest.routes import Route
    from hospes.rest.words import Asked

JSON = "application/json"
# What scripts of other origins may read of an answer.
EXPOSED = (
    "ETag, Retry-After, RateLimit, RateLimit-Policy, X-RateLimit-Limit, X-RateLimit-Remaining, "
    "X-RateLimit-Reset, Idempotency-Replayed, WWW-Authenticate, Allow"
)
ALLOWED = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-HTTP-METHOD-OVERRIDE"
)
PREFLIGHT_SECONDS = 7200
TWO_YEARS = 2 * 365 * 24 * 3600
_ETAG_LENGTH = 32
# Data, no page: nothing of it may run, be framed, or be guessed to be something else. Any origin
# may read it: only the token that it had to send opens anything, and no cookie takes part.
HEADERS: dict[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, as it is kept for a repeated request too."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""

    def with_headers(self, **headers: str) -> Reply:
        """Return it with further headers; ``_`` stands for ``-``."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **more})


@lru_cache(maxsize=1024)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _data(route: Route, data: Any) -> bytes:
    return _adapter(route.answer).dump_json(data, exclude_unset=True, by_alias=True)


def success(route: Route, answer: Answer, asked: Asked) -> Reply:
    """Return the reply for what an endpoint answered.

    Raises:
        Problem: for a cursor of another list.

    """
    if isinstance(answer, Started):
        text = b'"' + answer.task.encode("ascii") + b'"'
        return Reply(202, _envelope(b"asynchronous", text, {}))
    beside: dict[str, Any] = {}
    headers: Mapping[str, str] = {}
    if isinstance(answer, Item):
        data, headers = _data(route, answer.data), answer.headers
    else:
        cut = paging.cut(answer, route.query, asked)
        if isinstance(cut, int):
            data = str(cut).encode("ascii")
        else:
            data, beside = _data(route, cut.items), cut.beside
    if asked.dry_run:
        beside = {**beside, "dry_run": True}
    digest = hashlib.sha256(data + pydantic_core.to_json(beside)).hexdigest()
    return Reply(
        200 if asked.dry_run else route.status,
        _envelope(b"success", data, beside),
        headers,
        etag=f'"{digest[:_ETAG_LENGTH]}"' if route.method == "GET" else "",
    )


def _envelope(result: bytes, data: bytes, beside: Mapping[str, Any]) -> bytes:
    rest = pydantic_core.to_json({**beside, "response_at": clock.timestamp()})
    return b'{"result":"' + result + b'","data":' + data + b"," + rest[1:]


def failure(problem: Problem) -> Reply:
    """Return the reply for a refusal."""
    body = pydantic_core.to_json({"result": "error", "error": problem.as_json()})
    return Reply(problem.status, body, problem.headers)


def response(reply: Reply, *, method: str) -> HttpResponse:
    """Return the reply as Django sends it."""
    body = b"" if method == "HEAD" or reply.status == 304 else reply.body  # noqa: PLR2004 - Not Modified has none
    found = HttpResponse(body, status=reply.status, content_type=JSON)
    headers = found.headers
    for name, value in HEADERS.items():
        headers[name] = value
    if reply.status not in {204, 304}:
        headers["Content-Length"] = str(len(reply.body))
    else:
        del headers["Content-Type"]
    if reply.etag:
        headers["ETag"] = reply.etag
        # Kept by whoever asked, and asked about each time.
        headers["Cache-Control"] = "private, no-cache"
        headers["Vary"] = "Authorization"
    else:
        headers["Cache-Control"] = "no-store"
    if settings.HOSPES.https:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
    for name, value in reply.headers.items():
        headers[name] = value
    return found
