"""A proxy through which a site reaches its provider, and which can lie."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length"}


class Handler(BaseHTTPRequestHandler):
    """Passes one request on, and its answer back."""

    server: Proxy

    def _pass_on(self) -> None:
        proxy = self.server
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        proxy.seen.append((target.path, parse_qs(body.decode())))
        if proxy.down:
            self.close_connection = True
            return
        upstream = http.client.HTTPConnection(str(target.netloc), timeout=20)
        address = target.path + (f"?{target.query}" if target.query else "")
        headers = {n: v for n, v in self.headers.items() if n.lower() not in HOP_BY_HOP}
        upstream.request(self.command, address, body or None, {**headers, "Connection": "close"})
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        change = proxy.changes.get(target.path)
        if change is not None:
            content = json.dumps(change(json.loads(content))).encode()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*HOP_BY_HOP, "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _pass_on  # noqa: N815 - the base looks for these names

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


class Proxy(ThreadingHTTPServer):
    """``seen`` are the paths and forms that went through; ``changes`` alter JSON answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, list[str]]]] = []
        self.changes: dict[str, Callable[[Any], Any]] = {}
        self.down = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.server_address[1])

    def paths(self) -> list[str]:
        """Return the paths asked for so far."""
        return [path for path, _form in self.seen]

    @contextlib.contextmanager
    def lying(self, path: str, change: Callable[[Any], Any]) -> Iterator[None]:
        """Alter the answers of ``path`` within the block."""
        self.changes[path] = change
        try:
            yield
        finally:
            del self.changes[path]

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Answer nothing within the block."""
        self.down = True
        try:
            yield
        finally:
            self.down = False

    def stop(self) -> None:
        """End it."""
        self.shutdown()
        self.server_close()
