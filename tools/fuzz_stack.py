"""Targets: whole requests, from the guard's view of them and the hot plane's."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hospes.edge.guard import Guard, Rules, loggable
from hospes.edge.requests import HotRequest
from hospes.protocols.oauth.errors import OAuthError
from tools.fuzz_kit import Find, Target, latin, need

if TYPE_CHECKING:
    from collections.abc import Iterable

HOST = "i.example"
MALFORMED = 400


def _inside(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Stand behind the guard, and look at what it lets through."""
    # What every page relies on: the address is text without control characters.
    for name in ("PATH_INFO", "QUERY_STRING"):
        value = environ[name].encode("latin-1").decode("utf-8")
        need("\0" not in value and "\r" not in value and "\n" not in value, "a control character")
    need(environ["HTTP_HOST"] == HOST, "another host came through")
    request = HotRequest(environ)
    for read in (request.query, request.form):
        with suppress(OAuthError):
            read()
    body = b"fine"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def _fail(error: Exception, _path: str) -> None:
    raise Find(f"{type(error).__name__} behind the guard: {error}") from error


_guard = Guard(
    _inside, Rules(f"https://{HOST}", protocol_paths=frozenset({"/token"})), failed=_fail
)


def request(data: bytes) -> None:
    """Send a request: method, path, query, content type, length, a header, each a line; a body."""
    method, path, query, kind, length, header, body, *_ = [*data.split(b"\n", 6), *[b""] * 7]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": latin(method),
        "PATH_INFO": latin(path),
        "QUERY_STRING": latin(query),
        "CONTENT_TYPE": latin(kind),
        "CONTENT_LENGTH": latin(length),
        "HTTP_HOST": latin(header) or HOST,
        "HTTP_X_FORWARDED_FOR": latin(header),
        "HTTP_COOKIE": latin(header),
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
    }
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> Any:
        told.append((status, headers))
        return lambda _data: None

    b"".join(_guard(environ, start_response))
    status, headers = told[-1]
    need(int(status[:3]) < MALFORMED + 100, f"an answer {status}")
    need(environ["REMOTE_ADDR"] == "192.0.2.1", "a stranger's header is believed")
    for name, value in headers:
        need(not set(name + value) & set("\r\n\0"), "a header is split")


def log_line(data: bytes) -> None:
    """Write a path into the log."""
    need(len(loggable(latin(data))) <= len(data) + 3 * data.count(b"/") + 3, "it grows")


TARGETS: tuple[Target, ...] = (
    Target(
        "request",
        request,
        (
            b"POST\n/token\na=1\napplication/x-www-form-urlencoded\n3\n\na=1",
            b"GET\n/caf\xc3\xa9/%20\nq=%C3%A9\n\n\ni.example\n",
        ),
    ),
    Target("log_line", log_line, (b"/confirm/abcdefghijklmnopqrstuvwxyz0123456789/",)),
)
