"""A relying party: it asks, and checks every answer as the suite does."""

from __future__ import annotations

import json
import math
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oidc.core import CodeIDToken
from conformance.browser import Returned, Stayed
from conformance.provider import BASE, CALLBACK
from joserfc import jwt

if TYPE_CHECKING:
    import httpx
    from conformance.browser import Browser
    from conformance.provider import Client, Provider
    from conformance.record import Outcome

# Errors that say: not without showing the person a page (OpenID Connect Core §3.1.2.6).
INTERACTION = frozenset(
    ["interaction_required", "login_required", "account_selection_required", "consent_required"]
)
# Claims that an ID token may hold unasked.
PROTOCOL_CLAIMS = frozenset(
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash"]
)
STANDARD_CLAIMS: dict[str, type] = {
    **dict.fromkeys(
        [
            *("sub", "name", "given_name", "family_name", "middle_name", "nickname"),
            *("preferred_username", "profile", "picture", "website", "email", "gender"),
            *("birthdate", "zoneinfo", "locale", "phone_number"),
        ],
        str,
    ),
    "email_verified": bool,
    "phone_number_verified": bool,
    "address": dict,
    "updated_at": int,
}
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "profile": (
        *("name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture"),
        *("website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"),
        "preferred_username",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
    "offline_access": (),
}


@dataclass(frozen=True)
class SignedIn:
    """A flow that was gone through to its end."""

    request: dict[str, str]
    code: str
    answer: dict[str, Any]
    header: dict[str, Any]
    claims: dict[str, Any]
    userinfo: dict[str, Any]

    @property
    def access_token(self) -> str:
        """Return the access token."""
        return str(self.answer["access_token"])

    @property
    def id_token(self) -> str:
        """Return the ID token as it came."""
        return str(self.answer["id_token"])


class Party:
    """One client in one plan; ``mode`` is the response mode it asks for, "" for the default."""

    def __init__(
        self, provider: Provider, client: Client, *, mode: str = "", method: str = "basic"
    ) -> None:
        self.provider = provider
        self.client = client
        self.mode = mode
        self.method = method

    # -- the request ---------------------------------------------------------------------------

    def request(self, **changes: str | None) -> dict[str, str]:
        """Return an authorization request with fresh state and nonce; None leaves a value out."""
        values: dict[str, str | None] = {
            "client_id": self.client.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": secrets.token_urlsafe(8),
            "nonce": secrets.token_urlsafe(8),
            "response_type": "code",
            "response_mode": self.mode or None,
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}

    def ask(
        self, browser: Browser, request: dict[str, str], *, method: str = "GET"
    ) -> Returned | Stayed:
        """Send the browser with a request, and see where it ends up."""
        return browser.visit(
            self.provider.metadata["authorization_endpoint"], request, method=method
        )

    # -- the answer ----------------------------------------------------------------------------

    def fields(self, request: dict[str, str], arrived: Returned | Stayed) -> dict[str, str]:
        """Return the answer's parameters, from where the response mode has them and only there."""
        assert isinstance(arrived, Returned), f"{arrived.path}: {arrived.page.text}"
        assert arrived.address == request["redirect_uri"]
        if request.get("response_mode") == "form_post":
            assert arrived.form is not None, "the answer was to be posted"
            assert not arrived.query, "nothing of a posted answer belongs in the address"
            pairs = arrived.form
        else:
            assert arrived.form is None
            pairs = arrived.query
        fields = dict(pairs)
        assert len(fields) == len(pairs), f"sent twice: {pairs}"
        assert fields.get("state") == request.get("state")
        assert fields["iss"] == self.provider.metadata["issuer"]
        return fields

    def error(self, request: dict[str, str], arrived: Returned | Stayed) -> str:
        """Return the error of an answer that must be one."""
        fields = self.fields(request, arrived)
        assert fields["error"]
        assert set(fields) <= {"error", "error_description", "error_uri", "state", "iss"}
        check_description(fields.get("error_description", ""))
        return fields["error"]

    def code(self, request: dict[str, str], arrived: Returned | Stayed) -> str:
        """Return the code of an answer that must hold one."""
        fields = self.fields(request, arrived)
        assert "error" not in fields, fields
        assert fields["code"]
        return fields["code"]

    # -- the token endpoint --------------------------------------------------------------------

    def post(self, **fields: str) -> httpx.Response:
        """Ask the token endpoint, as the client that this is."""
        client_id, secret = self.client.client_id, self.client.secret
        url = self.provider.metadata["token_endpoint"]
        if self.method == "post":
            credentials = {"client_id": client_id, "client_secret": secret}
            return self.provider.http.post(url, data={**fields, **credentials})
        return self.provider.http.post(url, data=fields, auth=(client_id, secret))

    def exchange(self, code: str, **fields: str) -> httpx.Response:
        """Try to turn a code into tokens."""
        values = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.post(**values, **fields)

    def tokens(self, response: httpx.Response) -> dict[str, Any]:
        """Check a successful token answer and return it."""
        assert response.status_code == 200, response.text
        check_json(response)
        assert "no-store" in response.headers["cache-control"]
        answer: dict[str, Any] = response.json()
        assert "error" not in answer
        assert str(answer["token_type"]).lower() == "bearer"
        assert answer["access_token"].isascii()
        assert answer["access_token"].isprintable()
        assert entropy(answer["access_token"]) >= 96
        # JSON's true would pass for a number here.
        assert type(answer["expires_in"]) is int
        assert answer["expires_in"] > 0
        return answer

    def nonce_in(self, token: str) -> str | None:
        """Return the nonce of an ID token, None if it holds none."""
        nonce = jwt.decode(token, self.provider.keys, algorithms=["RS256"]).claims.get("nonce")
        assert nonce is None or isinstance(nonce, str)
        return nonce

    def id_token(
        self, token: str, *, access_token: str, nonce: str | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Verify an ID token with independent libraries; return its header and its claims."""
        read = jwt.decode(token, self.provider.keys, algorithms=["RS256"])
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": BASE},
                "aud": {"essential": True, "value": self.client.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "at_hash": {"essential": True},
            },
            params={
                "nonce": nonce,
                "client_id": self.client.client_id,
                "access_token": access_token,
            },
        )
        claims.validate(leeway=10)
        found: dict[str, Any] = dict(read.claims)
        assert found["aud"] in (self.client.client_id, [self.client.client_id])
        assert found.get("nonce") == nonce
        assert found["sub"].isascii()
        assert 0 < len(found["sub"]) <= 255
        assert found["iat"] <= found["exp"]
        check_claims(found)
        return dict(read.header), found

    # -- userinfo ------------------------------------------------------------------------------

    def call_userinfo(self, access_token: str, how: str = "get") -> httpx.Response:
        """Ask who it is: by GET, or by POST with the token in the header or in the body."""
        url = self.provider.metadata["userinfo_endpoint"]
        bearer = {"Authorization": f"Bearer {access_token}"}
        if how == "body":
            return self.provider.http.post(url, data={"access_token": access_token})
        return self.provider.http.request("POST" if how == "header" else "GET", url, headers=bearer)

    def userinfo(self, response: httpx.Response, subject: str) -> dict[str, Any]:
        """Check an answer of the userinfo endpoint and return it."""
        assert response.status_code == 200, response.text
        claims = self._told(response)
        assert claims["sub"] == subject
        check_claims(claims)
        return claims

    def _told(self, response: httpx.Response) -> dict[str, Any]:
        if response.headers["content-type"] != "application/jwt":
            check_json(response)
            told: dict[str, Any] = response.json()
            return told
        signed: dict[str, Any] = dict(
            jwt.decode(response.text, self.provider.keys, algorithms=["RS256"]).claims
        )
        assert (signed["iss"], signed["aud"]) == (BASE, self.client.client_id)
        return signed

    # -- all of it -----------------------------------------------------------------------------

    def finish(
        self, request: dict[str, str], arrived: Returned | Stayed, **fields: str
    ) -> SignedIn:
        """Go on from the browser's return to the end, checking everything."""
        code = self.code(request, arrived)
        answer = self.tokens(self.exchange(code, **fields))
        header, claims = self.id_token(
            answer["id_token"],
            access_token=answer["access_token"],
            nonce=request.get("nonce"),
        )
        userinfo = self.userinfo(self.call_userinfo(answer["access_token"]), claims["sub"])
        return SignedIn(request, code, answer, header, claims, userinfo)

    def sign_in(self, browser: Browser, *, method: str = "GET", **changes: str | None) -> SignedIn:
        """Go through the whole flow."""
        request = self.request(**changes)
        return self.finish(request, self.ask(browser, request, method=method))


def entropy(text: str) -> float:
    """Return Shannon's bits in a text, by the frequencies of its own characters."""
    total = len(text)
    shares = [count / total for count in Counter(text).values()]
    return -total * sum(share * math.log2(share) for share in shares)


def check_json(response: httpx.Response) -> None:
    """Check that an answer says it is JSON, and is."""
    assert response.headers["content-type"].partition(";")[0] == "application/json"
    assert isinstance(json.loads(response.text), dict)


def check_description(text: str) -> None:
    """Check that an ``error_description`` keeps to RFC 6749's characters."""
    assert all(" " <= char <= "~" and char not in '"\\' for char in text), text


def check_refusal(response: httpx.Response, error: str) -> None:
    """Check a refusal of the token endpoint (RFC 6749 §5.2)."""
    assert response.status_code == 400
    check_json(response)
    assert response.json()["error"] == error
    check_description(response.json().get("error_description", ""))
    assert not set(response.json()) & {"access_token", "refresh_token", "id_token"}


def check_claims(claims: dict[str, Any]) -> None:
    """Check the types of standard claims, and that nothing is told as empty."""
    for name, kind in STANDARD_CLAIMS.items():
        if name in claims:
            assert type(claims[name]) is kind, f"{name} is {claims[name]!r}"
            assert claims[name] != "", f"{name} is empty"
    assert "_claim_names" not in claims
    if "updated_at" in claims:
        # Seconds; milliseconds would lie in the far future.
        assert 1_000_000_000 < claims["updated_at"] < 10_000_000_000


def check_scope(outcome: Outcome, scope: str, told: dict[str, Any], known: list[str]) -> None:
    """Check that userinfo tells what ``scope`` asks for.

    The suite warns of each standard claim that is missing. What discovery offers must be there.
    """
    wanted = [claim for name in scope.split() for claim in SCOPES[name]]
    missing = [claim for claim in wanted if claim not in told]
    assert not set(missing) & set(known), f"offered but not told: {missing}"
    if missing:
        outcome.warn(f"userinfo does not tell {', '.join(sorted(missing))}")
