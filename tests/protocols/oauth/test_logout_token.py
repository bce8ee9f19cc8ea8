"""What applications are told when a session ends, and what that must not pass for."""

from __future__ import annotations

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from hospes.edge.signing import Signer
from hospes.protocols.oauth import id_token, logout_token

KEY = ECKey.generate_key("P-256", {"kid": "e", "use": "sig", "alg": "ES256"})
JWKS = {"keys": [KEY.as_dict(private=False)]}
ISSUER = "https://i.example"
NOW = 1_800_000_000
CLAIMS = logout_token.claims(
    issuer=ISSUER, client_id="app-1", subject="ada", session_id="s1", token_id="j1", issued_at=NOW
)


@pytest.mark.standard("OpenID Connect Back-Channel Logout 1.0", "2.4")
def test_the_claims_of_a_logout_token() -> None:
    assert CLAIMS == {
        "iss": ISSUER,
        "sub": "ada",
        "aud": "app-1",
        "iat": NOW,
        "exp": NOW + 120,
        "jti": "j1",
        "sid": "s1",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    assert "nonce" not in CLAIMS


@pytest.mark.standard("RFC 8725", "3.11")
def test_a_logout_token_is_no_id_token() -> None:
    signed = Signer("ES256", "e", KEY).sign(CLAIMS, logout_token.TYPE)
    assert jwt.decode(signed, KEY, algorithms=["ES256"]).header["typ"] == "logout+jwt"
    assert id_token.read_hint(signed, jwks=JWKS, issuer=ISSUER) is None
    # With the type of an ID token it would have been one: it is the type that keeps them apart.
    passed = Signer("ES256", "e", KEY).sign(CLAIMS)
    assert id_token.read_hint(passed, jwks=JWKS, issuer=ISSUER) is not None


@pytest.mark.parametrize("kind", ["at+jwt", "logout+jwt", "JOSE", ""])
def test_other_types_are_no_hints(kind: str) -> None:
    signed = Signer("ES256", "e", KEY).sign({"iss": ISSUER, "sub": "a", "aud": "b"}, kind)
    assert id_token.read_hint(signed, jwks=JWKS, issuer=ISSUER) is None


def test_the_type_cannot_be_changed_afterwards() -> None:
    signed = Signer("ES256", "e", KEY).sign(CLAIMS, logout_token.TYPE)
    header = {"alg": "ES256", "kid": "e", "typ": "JWT"}
    forged = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    assert (
        id_token.read_hint(".".join((forged, *signed.split(".")[1:])), jwks=JWKS, issuer=ISSUER)
        is None
    )


def test_each_application_has_a_name_of_its_own_for_a_session() -> None:
    names = {logout_token.sid(s, c) for s in ("one", "two") for c in ("app-1", "app-2")}
    assert len(names) == 4
    assert logout_token.sid("one", "app-1") == logout_token.sid("one", "app-1")
    # Nothing can be moved from one part to the other.
    assert logout_token.sid("a\nb", "c") != logout_token.sid("a", "c\nb")
    assert all(len(name) == 32 for name in names)


@pytest.mark.standard("OpenID Connect Front-Channel Logout 1.0", "3")
@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("https://a.example/out", "https://a.example/out?iss=https%3A%2F%2Fi.example&sid=s%261"),
        ("https://a.example/?x=1", "https://a.example/?x=1&iss=https%3A%2F%2Fi.example&sid=s%261"),
    ],
)
def test_what_a_browser_loads(uri: str, address: str) -> None:
    assert logout_token.frame_address(uri, issuer=ISSUER, session_id="s&1") == address
