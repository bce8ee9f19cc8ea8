"""Serving the shop with the standard library: it is a demo, and needs no more."""

from __future__ import annotations

import os
import signal
import socket
import threading
import warnings
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from joserfc.errors import SecurityWarning

from hospes.demo import credentials
from hospes.demo.client.relying_party import Registration
from hospes.demo.client.site import Configuration, Shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Set by `hospes serve --demo`: the shop ends with the process that started it.
CHILD_VARIABLE: Final = "HOSPES_DEMO_CLIENT_CHILD"
ANYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not listened on


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    """No log line per request: addresses hold codes and states."""

    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Log nothing."""


def run(
    host: str = "127.0.0.1",
    port: int = 8001,
    *,
    issuer: str = "http://127.0.0.1:8000",
    provider_name: str = "Hospes",
    client_id: str = "",
    client_secret: str = "",
    data_dir: Path | None = None,
) -> None:
    """Serve the shop until the process is told to end.

    Args:
        host: the address to listen on.
        port: the port to listen on; visitors use the same.
        issuer: the provider's address.
        provider_name: what the sign-in button calls the provider.
        client_id: the application the shop signs in with; without one, the demo's own in
            ``data_dir``, or whatever a visitor enters.
        client_secret: its secret; "" for a Mobile application.
        data_dir: where ``hospes demo`` left the demo application's ID and secret.

    """
    # Ed25519 goes by the name EdDSA in OpenID Connect, which the library calls outdated.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    shown = "127.0.0.1" if host in ANYWHERE else host
    name = f"[{shown}]" if ":" in shown else shown
    shop = Shop(
        Configuration(
            issuer=issuer.rstrip("/"),
            provider_name=provider_name,
            own_url=f"http://{name}:{port}",
            registration=_registration(client_id, client_secret, data_dir),
        )
    )
    kind = _Server6 if ":" in host else _Server
    with make_server(host, port, shop, server_class=kind, handler_class=_Quiet) as server:
        _end_when_told(server)
        server.serve_forever(poll_interval=0.2)


def _registration(
    client_id: str, client_secret: str, data_dir: Path | None
) -> Callable[[], Registration | None]:
    given = Registration(client_id, client_secret) if client_id else None

    def find() -> Registration | None:
        if given or data_dir is None:
            return given
        # Read each time: the demo may be loaded anew while the shop runs.
        found = credentials.read(data_dir)
        if found is None:
            return None
        return Registration(found.client_id, found.client_secret, returns_after_logout=True)

    return find


def _end_when_told(server: WSGIServer) -> None:
    # shutdown() waits for serve_forever, so another thread calls it.
    def end(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
    if os.environ.get(CHILD_VARIABLE) == "1":
        threading.Thread(target=_watch, args=(os.getppid(), end), daemon=True).start()


def _watch(parent: int, end: Callable[[], None]) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(0.5)
    end()
