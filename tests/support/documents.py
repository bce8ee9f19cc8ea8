"""A server on this machine, over TLS, that keeps documents: key sets, request objects, metadata."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from hospes.foundation.gateways.outgoing import Outgoing
from support.push_service import ADDRESS, HOST, _certificate

if TYPE_CHECKING:
    from pathlib import Path

ROOT = f"https://{HOST}"


class Documents:
    """Runs while it is used as a context. ``pages`` holds (status, body) by path, else 404.

    ``asked`` holds the paths that were asked for; with ``moved`` a path leads to another address.
    """

    def __init__(self, folder: Path) -> None:
        self.pages: dict[str, tuple[int, bytes]] = {}
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []
        self._certificate, key = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate, key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def put(self, path: str, content: object, status: int = 200) -> str:
        """Keep ``content`` (JSON, or bytes as they are) at ``path``; return its address."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.pages[path] = (status, body)
        return ROOT + path

    def client(self, seconds: float = 10.0, addresses: tuple[str, ...] = (ADDRESS,)) -> Outgoing:
        """Return our own client; only its name service and its wire are led here."""
        port = int(self._server.server_address[1])

        def connect(_address: str, _port: int, timeout: float) -> socket.socket:
            return socket.create_connection(("127.0.0.1", port), timeout=timeout)

        return Outgoing(
            resolve=lambda _host, _port: addresses,
            connect=connect,
            tls=lambda: ssl.create_default_context(cafile=str(self._certificate)),
            seconds=seconds,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


def _handler(documents: Documents) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            """Be quiet."""

        def do_GET(self) -> None:
            documents.asked.append(self.path)
            status, body = documents.pages.get(self.path, (404, b""))
            moved = documents.moved.get(self.path)
            self.send_response(302 if moved else status)
            if moved:
                self.send_header("Location", moved)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
