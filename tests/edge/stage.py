"""A guard with an application behind it that remembers what reached it."""

from __future__ import annotations

import io
import ipaddress
from typing import TYPE_CHECKING, Any

import httpx

from hospes.edge.guard import Exchange, Guard, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hospes.edge.http import Environ, StartResponse

BASE = "https://my.provider.example"
LIMIT = 1000
PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)


class Stage:
    """A guard with an application behind it that remembers what reached it."""

    def __init__(self, base: str = BASE, *, remote: str = "192.0.2.1", **rules: Any) -> None:
        self.seen: list[Environ] = []
        self.bodies: list[bytes] = []
        self.exchanges: list[Exchange] = []
        self.failures: list[tuple[str, str]] = []
        self.closed = 0
        values = {"trusted_proxies": PROXIES, "body_limit": LIMIT, **rules}
        self.guard = Guard(
            self.application,
            Rules(base, **values),
            observe=self.exchanges.append,
            failed=lambda error, path: self.failures.append((repr(error), path)),
        )
        self.client = httpx.Client(
            transport=httpx.WSGITransport(app=self.guard, remote_addr=remote), base_url=base
        )

    def application(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.seen.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("the secret is hush")
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/half":
            raise ValueError("too late")
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield b"behind"

    def close(self) -> None:
        self.closed += 1


def call(stage: Stage, **environ: Any) -> tuple[int, dict[str, str], str]:
    """Call the guard without a client that would tidy the request up first."""
    answer: dict[str, Any] = {}

    def start_response(line: str, headers: list[tuple[str, str]], _exc: object = None) -> object:
        answer.update(status=int(line[:3]), headers={k.lower(): v for k, v in headers})
        return lambda _data: None

    values = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "HTTP_HOST": "my.provider.example",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b""),
        **environ,
    }
    body = stage.guard(values, start_response)
    text = b"".join(body).decode()
    # As servers do (PEP 3333).
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return answer["status"], answer["headers"], text
