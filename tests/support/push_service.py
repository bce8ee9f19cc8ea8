"""A push service on this machine, over TLS: it checks who sends and opens what phones would get.

It speaks RFC 8030; payloads are opened as a browser does (RFC 8291), the sender's key is verified
(RFC 8292). Faults are set with ``answers``.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import http_ece  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import ECKey

from hospes.foundation.gateways.outgoing import Outgoing
from hospes.identity.services.two_step.phones import Subscription

if TYPE_CHECKING:
    from pathlib import Path

HOST = "push.example"
# Public, so that the rules let it through; the connection is led to this machine.
ADDRESS = "198.17.0.9"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Received:
    """One message as the service got it; ``claims`` and ``key`` are the sender's, verified."""

    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)
    claims: dict[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass
class Browser:
    """A browser's subscription: what it tells the server, and what opens its messages."""

    path: str = "/send/one"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"0123456789abcdef"

    @property
    def subscription(self) -> Subscription:
        """Return what the phone tells the provider."""
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Subscription(f"https://{HOST}{self.path}", b64(point), b64(self.auth))

    def open(self, message: Received) -> dict[str, Any]:
        """Return what a message says."""
        text = http_ece.decrypt(
            message.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(text)
        return found


class PushService:
    """Runs while it is used as a context. ``answers`` are given one after the other, then 201."""

    def verified(self, authorization: str) -> tuple[dict[str, Any], str]:
        """Return the sender's claims and key; another kind of server expects something else."""
        return _verified(authorization)

    def __init__(self, folder: Path) -> None:
        self.received: list[Received] = []
        self.answers: list[int | str] = []
        self.retry_after = ""
        self._certificate, key = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate, key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self._server.server_address[1])

    def client(self, seconds: float = 10.0) -> Outgoing:
        """Return our own client, whose name service and wire lead here; its rules are its own."""

        def connect(address: str, port: int, timeout: float) -> socket.socket:
            assert (address, port) == (ADDRESS, 443)
            return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

        return Outgoing(
            resolve=lambda _host, _port: [ADDRESS],
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


def _verified(authorization: str) -> tuple[dict[str, Any], str]:
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(item.strip().split("=", 1) for item in rest.split(","))
    point = unb64(parts["k"])
    assert (len(point), point[0]) == (65, 4)
    jwk = {"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}
    token = jwt.decode(parts["t"], ECKey.import_key(jwk), algorithms=["ES256"])
    return dict(token.claims), parts["k"]


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            """Be quiet."""

        def do_GET(self) -> None:
            service.received.append(Received(self.path, dict(self.headers), b""))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            claims, key = service.verified(headers.get("authorization", ""))
            service.received.append(Received(self.path, headers, body, claims, key))
            answer = service.answers.pop(0) if service.answers else 201
            if answer == "slow":
                self._drip()
                return
            if answer == "hang up":
                self.close_connection = True
                return
            self.send_response(302 if answer == "redirect" else int(answer))
            if answer == "redirect":
                self.send_header("Location", f"https://{HOST}/elsewhere")
            if service.retry_after:
                self.send_header("Retry-After", service.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _drip(self) -> None:
            # A byte now and then keeps each single read alive.
            try:
                for sign in b"HTTP/1.1 201 Created\r\n" + b"X-Long: " + b"x" * 4000:
                    self.wfile.write(bytes([sign]))
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                self.close_connection = True

    return Handler


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "push.crt", folder / "push.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
