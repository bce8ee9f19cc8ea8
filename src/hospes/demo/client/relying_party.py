"""Signing in with OpenID Connect, from the client's side: code, PKCE, state, nonce, ID token.

Every check of OpenID Connect Core §3.1.3.7 that a client has to make is here, one by one, so
that the page can show which ones were made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hospes.demo.client.fetching import ProviderFaultError, get_json, post_form
from hospes.foundation import clock

SCOPE: Final = "openid profile email groups"
ALGORITHMS: Final = ["RS256", "ES256", "EdDSA"]
LEEWAY_SECONDS: Final = 60
REMEMBERED_SECONDS: Final = 300
DISCOVERY: Final = "/.well-known/openid-configuration"
_HASHES = {"RS256": hashlib.sha256, "ES256": hashlib.sha256, "EdDSA": hashlib.sha512}


class RefusedError(Exception):
    """The sign-in is not to be trusted, or the provider said no. ``code`` is a stable word."""

    def __init__(self, code: str, text: str = "") -> None:
        self.code = code
        self.text = text
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Registration:
    """What the developer copied from the application's page. ``secret`` is "" for Mobile."""

    client_id: str
    secret: str = field(default="", repr=False)
    returns_after_logout: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in on its way: what its answer has to match."""

    registration: Registration
    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, as verified."""

    registration: Registration
    alg: str
    claims: dict[str, Any]
    userinfo: dict[str, Any]
    id_token: str = field(repr=False)


class Provider:
    """The provider at ``issuer``, as its own documents describe it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer.rstrip("/")
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._read_at = 0

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document, at most five minutes old.

        Raises:
            ProviderFaultError: it cannot be read, or speaks for another issuer.

        """
        if not self._metadata or abs(clock.timestamp() - self._read_at) > REMEMBERED_SECONDS:
            found = get_json(self.issuer + DISCOVERY)
            if found.get("issuer") != self.issuer:
                raise ProviderFaultError("wrong_issuer", str(found.get("issuer", "")))
            self._metadata = found
            self._keys = get_json(str(found["jwks_uri"]))
            self._read_at = clock.timestamp()
        return self._metadata

    def keys(self, kid: str) -> KeySet:
        """Return the published keys, read again where ``kid`` is not among them."""
        self.metadata()
        if kid not in {str(key.get("kid")) for key in self._keys.get("keys", [])}:
            self._keys = get_json(str(self._metadata["jwks_uri"]))
        return KeySet.import_key_set(self._keys)  # type: ignore[arg-type]  # JSON from outside

    def begin(
        self, registration: Registration, *, redirect_uri: str, language: str
    ) -> tuple[Pending, str]:
        """Return a new sign-in and the address to send the person to."""
        pending = Pending(
            registration,
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
        )
        challenge = _base64url(hashlib.sha256(pending.verifier.encode()).digest())
        query = urlencode(
            {
                "response_type": "code",
                "client_id": registration.client_id,
                "redirect_uri": redirect_uri,
                "scope": SCOPE,
                "state": pending.state,
                "nonce": pending.nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
                "ui_locales": language,
            }
        )
        return pending, f"{self.metadata()['authorization_endpoint']}?{query}"

    def finish(self, pending: Pending, answer: dict[str, str], *, redirect_uri: str) -> Person:
        """Turn the provider's answer into a verified person.

        Raises:
            RefusedError: the answer is an error, or does not belong to this sign-in.
            ProviderFaultError: the provider does not answer as it should.

        """
        if not hmac.compare_digest(answer.get("state", ""), pending.state):
            raise RefusedError("state")
        if answer.get("iss") != self.issuer:  # RFC 9207: no mix-up of two providers
            raise RefusedError("issuer")
        if "error" in answer:
            raise RefusedError(answer["error"], answer.get("error_description", ""))
        tokens = self._redeem(pending, answer.get("code", ""), redirect_uri)
        id_token, access_token = str(tokens["id_token"]), str(tokens["access_token"])
        alg, claims = self._verified(id_token, pending, access_token)
        userinfo = get_json(str(self.metadata()["userinfo_endpoint"]), bearer=access_token)
        if userinfo.get("sub") != claims["sub"]:
            raise RefusedError("userinfo")
        return Person(pending.registration, alg, claims, userinfo, id_token)

    def logout_address(self, person: Person, *, back: str) -> str:
        """Return where the person signs out of the provider, too."""
        fields = {"id_token_hint": person.id_token, "client_id": person.registration.client_id}
        if person.registration.returns_after_logout:
            fields["post_logout_redirect_uri"] = back
        return f"{self.metadata()['end_session_endpoint']}?{urlencode(fields)}"

    def _redeem(self, pending: Pending, code: str, redirect_uri: str) -> dict[str, Any]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": pending.verifier,
        }
        client, basic = pending.registration, ""
        if client.secret:
            # RFC 6749 §2.3.1: both are form-encoded before they are joined.
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
            basic = base64.b64encode(pair.encode()).decode()
        else:
            fields["client_id"] = client.client_id
        tokens = post_form(str(self.metadata()["token_endpoint"]), fields, basic=basic)
        if "id_token" not in tokens or "access_token" not in tokens:
            raise RefusedError("no_id_token")
        return tokens

    def _verified(
        self, id_token: str, pending: Pending, access_token: str
    ) -> tuple[str, dict[str, Any]]:
        keys = self.keys(_key_name(id_token))
        try:
            token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise RefusedError("signature") from error
        client_id = pending.registration.client_id
        alg, claims, now = str(token.header["alg"]), dict(token.claims), clock.timestamp()
        checks = {  # the names are those of CHECKS in pages.py
            "issuer": claims.get("iss") == self.issuer,
            "audience": claims.get("aud") in (client_id, [client_id]),
            "expiry": _instant(claims, "exp") > now - LEEWAY_SECONDS,
            "issued_at": _instant(claims, "iat") < now + LEEWAY_SECONDS,
            "nonce": hmac.compare_digest(str(claims.get("nonce", "")), pending.nonce),
            "at_hash": claims.get("at_hash") in (None, _at_hash(access_token, alg)),
            "subject": bool(claims.get("sub")),
        }
        for name, holds in checks.items():
            if not holds:
                raise RefusedError(name)
        return alg, claims


def _key_name(token: str) -> str:
    try:
        return str(jws.extract_compact(token.encode()).protected.get("kid", ""))
    except (JoseError, ValueError) as error:
        raise RefusedError("signature") from error


def _instant(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    return value if isinstance(value, int) else 0


def _at_hash(access_token: str, alg: str) -> str:
    digest = _HASHES[alg](access_token.encode()).digest()
    return _base64url(digest[: len(digest) // 2])


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
