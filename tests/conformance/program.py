"""A relying party that registers itself (OpenID Connect Dynamic Client Registration)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from conformance.party import Party
from conformance.provider import BASE, CALLBACK, Client

from support.authorizing import CHALLENGE, VERIFIER
from support.signing import PRIVATE, assertion

if TYPE_CHECKING:
    import httpx
    from conformance.provider import Provider
    from joserfc.jwk import Key


class Program(Party):
    """It sends a challenge, which is required of whatever registers itself.

    ``key``: what it proves itself with instead of its secret; it signs with ES256.
    """

    def __init__(self, provider: Provider, told: dict[str, Any], key: Key | None = None) -> None:
        super().__init__(provider, Client(told["client_id"], told.get("client_secret", "")))
        self.told = told
        self.key = key

    def request(self, **changes: str | None) -> dict[str, str]:
        """Return an authorization request with a challenge."""
        protected = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
        return super().request(**{**protected, **changes})

    def exchange(self, code: str, **fields: str) -> httpx.Response:
        """Turn a code into tokens with what the challenge was made of."""
        return super().exchange(code, **{"code_verifier": VERIFIER, **fields})

    def post(self, **fields: str) -> httpx.Response:
        """Ask the token endpoint, with the secret or an assertion."""
        if self.key is None:
            return super().post(**fields)
        signed = assertion(
            self.client.client_id, BASE, now=int(time.time()), alg="ES256", key=self.key
        )
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return self.provider.http.post(
            self.provider.metadata["token_endpoint"],
            data={**fields, "client_assertion": signed, "client_assertion_type": kind},
        )


class Registrar:
    """Registers, with a token that the developer made on the page."""

    def __init__(self, provider: Provider, token: str) -> None:
        self.provider = provider
        self.token = token

    def send(self, **changes: Any) -> httpx.Response:
        """Send metadata."""
        return self.provider.http.post(
            self.provider.metadata["registration_endpoint"],
            json={"client_name": "Program", "redirect_uris": [CALLBACK], **changes},
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def program(self, key: Key | None = None, **changes: Any) -> Program:
        """Register, and return what can sign people in."""
        response = self.send(**changes)
        assert response.status_code == 201, response.text
        told = response.json()
        for name, value in changes.items():
            assert told[name] == value, name
        assert "no-store" in response.headers["cache-control"]
        return Program(self.provider, told, key)

    def refused(self, error: str, **changes: Any) -> None:
        """Check that metadata is refused."""
        response = self.send(**changes)
        assert response.status_code == 400
        assert response.json()["error"] == error
        assert "client_id" not in response.json()


EC: Key = PRIVATE["ES256"]
