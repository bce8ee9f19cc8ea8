"""A customer's server on this machine, over TLS, that keeps what it is sent and answers as told."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from hospes.foundation.gateways.outgoing import Outgoing
from support.push_service import ADDRESS, HOST, _certificate

if TYPE_CHECKING:
    from pathlib import Path

URL = f"https://{HOST}/hook"


@dataclass
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


class Receiver:
    """Runs while it is used as a context. ``answers`` come in turn by path, then 204."""

    def __init__(self, folder: Path) -> None:
        self.got: list[Got] = []
        self.answers: dict[str, list[int | str]] = {}
        self.retry_after = ""
        self.text = "thank you"
        # Paths that wait for it.
        self.slow: set[str] = set()
        self.gate = threading.Event()
        self._certificate, key = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate, key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def client(self, seconds: float = 10.0, addresses: list[str] | None = None) -> Outgoing:
        """Return our own client; only its name service and its wire are led here."""

        def connect(address: str, port: int, timeout: float) -> socket.socket:
            assert (address, port) == (ADDRESS, 443)
            return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

        return Outgoing(
            resolve=lambda _host, _port: [ADDRESS] if addresses is None else addresses,
            connect=connect,
            tls=lambda: ssl.create_default_context(cafile=str(self._certificate)),
            seconds=seconds,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            """Be quiet."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Got(self.path, headers, body))
            if self.path in receiver.slow:
                receiver.gate.wait(20)
            waiting = receiver.answers.get(self.path, [])
            answer = waiting.pop(0) if waiting else 204
            if answer == "hang up":
                self.close_connection = True
                return
            if answer == "slow":
                time.sleep(2)
            status = {"redirect": 302, "slow": 204}.get(str(answer), answer)
            text = b"" if status == 204 else receiver.text.encode()
            self.send_response(int(status))
            if answer == "redirect":
                self.send_header("Location", f"https://{HOST}/elsewhere")
            if receiver.retry_after:
                self.send_header("Retry-After", receiver.retry_after)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return Handler
