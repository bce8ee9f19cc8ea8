"""WSGI's types, and the small answers that the guard and the hot plane give themselves."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication

__all__ = [
    "CERTIFICATE",
    "FORWARDED",
    "NO_STORE",
    "PLANE",
    "Application",
    "Environ",
    "Headers",
    "Response",
    "StartResponse",
    "json_response",
    "text_response",
]

Environ = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
Application = WSGIApplication

# Environ keys, which no header can set: who answered, and whether somebody forwarded the request.
PLANE = "hospes.plane"
FORWARDED = "hospes.forwarded"
# The certificate of the far end's connection, as a trusted proxy wrote it down.
CERTIFICATE = "hospes.certificate"
# No page, no script, no frame: these answers are data or one line of text.
SECURITY_HEADERS: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
HSTS: Headers = (("Strict-Transport-Security", "max-age=63072000"),)
NO_STORE: Headers = (("Cache-Control", "no-store"),)


_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
# Made once: json.dumps makes one for each call that is not plain.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Response(NamedTuple):
    """A whole answer, small enough to hold at once."""

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: Headers = ()

    def send(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Start the answer and return its body; a HEAD request gets the headers alone."""
        headers = [*self.headers, *SECURITY_HEADERS]
        if environ.get("wsgi.url_scheme") == "https":
            headers += HSTS
        if self.content_type:
            headers.append(("Content-Type", self.content_type))
        if self.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(self.body))))
        start_response(_LINES[self.status], headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [self.body]


def json_response(status: int, content: object, headers: Headers = ()) -> Response:
    """Return ``content`` as JSON."""
    return Response(status, _encode(content).encode("utf-8"), "application/json", headers)


def text_response(status: int, text: str, headers: Headers = ()) -> Response:
    """Return one paragraph of plain text, never cached."""
    return Response(
        status, f"{text}\n".encode(), "text/plain; charset=utf-8", (*headers, *NO_STORE)
    )
