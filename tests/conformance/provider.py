"""A provider in production: a real server, the proxy in front of it, and two registered clients."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.jwk import KeySet

from support import run
from support.server import Server
from support.site import FIREFOX

BASE = "https://id.alpenhost.example"
# Nothing answers there: the tests themselves are the relying party.
CALLBACK = "https://party.example/test/callback"
AFTER_LOGOUT = "https://party.example/test/signed-out"
EMAIL = "anna.keller@customer.example"
PASSWORD = "seven herons over the reeds 58"

MAKE_PEOPLE = f"""
from support.people import make_account
make_account("owner@party.example", {PASSWORD!r})
make_account(
    {EMAIL!r}, {PASSWORD!r}, locale="en", timezone="Europe/Zurich", recovery_phone="+41446681800",
    picture="0123456789abcdef",
)
"""

# Instants of the protocol's tables, by model.
GROW_OLDER = """
from django.db.models import F
from hospes.connect.models import AuthorizationCode, Grant, Token
seconds = {seconds}
for model, names in (
    (AuthorizationCode, ("expires_at", "used_at")),
    (Grant, ("created_at", "revoked_at", "auth_time")),
    (Token, ("created_at", "expires_at", "revoked_at", "rotated_at")),
):
    model.objects.update(**{{name: F(name) - seconds for name in names}})
"""


@dataclass(frozen=True)
class Client:
    """A registered application."""

    client_id: str
    secret: str = field(repr=False)


class Proxy(httpx.BaseTransport):
    """What speaks TLS in front of the server: it hands requests on as docs/operating.md asks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand one request on over HTTP."""
        if f"{request.url.scheme}://{request.url.host}" != BASE:
            raise AssertionError(f"A browser left the provider unnoticed, for {request.url}")
        headers = request.headers.copy()
        headers["X-Forwarded-For"] = "192.0.2.10"
        headers["X-Forwarded-Proto"] = "https"
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port),
                headers=headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    def close(self) -> None:
        """Close the connections behind."""
        self._inner.close()


class Provider:
    """The server with what a relying party may know of it."""

    def __init__(self) -> None:
        database_url = ""
        if os.environ.get("HOSPES_TEST_DATABASE") == "postgres":
            database_url = run.postgres_database(f"hospes_conformance_{run.worker_name()}")
        self.server = Server(
            database_url=database_url,
            HOSPES_BASE_URL=BASE,
            HOSPES_DEVELOPMENT="",
            HOSPES_TRUSTED_PROXIES="127.0.0.1",
        )
        self.server.start()
        self.server.python(MAKE_PEOPLE)
        # For what programs ask; people have browsers with cookies of their own.
        self.http = self.connect()
        self.discovery_answer = self.http.get(f"{BASE}/.well-known/openid-configuration")
        self.metadata: dict[str, Any] = self.discovery_answer.json()
        self.jwks: dict[str, Any] = self.http.get(self.metadata["jwks_uri"]).json()
        self.keys = KeySet.import_key_set(self.jwks)
        # Filled by the fixture, through the pages.
        self.first = self.second = Client("", "")

    def connect(self) -> httpx.Client:
        """Return a new connection, with no cookies."""
        return httpx.Client(
            transport=Proxy(self.server.port),
            base_url=BASE,
            headers={"User-Agent": FIREFOX, "Accept-Language": "en"},
            follow_redirects=False,
            timeout=20,
        )

    def grow_older(self, seconds: int) -> None:
        """Let what the protocol has stored be as old as if ``seconds`` had passed."""
        self.server.python(GROW_OLDER.format(seconds=seconds))

    def stop(self) -> None:
        """End the server."""
        self.http.close()
        self.server.stop()


def is_here(url: str) -> bool:
    """Return whether an address is the provider's own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" == BASE
