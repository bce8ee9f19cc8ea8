"""Request objects (RFC 9101, FAPI 2.0 Message Signing): whose they are, for whom, and when."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from hospes.protocols.oauth import authorize, client_keys, request_object
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.request_object import InvalidObject, Opened

NOW = 1_800_000_000
ISSUER = "https://login.example"
OWN = ECKey.generate_key("P-256", {"kid": "own"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
STRANGER = ECKey.generate_key("P-256", {"kid": "own"})
KEYS = client_keys.read_set(
    json.dumps({"keys": [OWN.as_dict(private=False), RSA.as_dict(private=False)]})
)
CLIENT = ClientView("web-1", "web", redirect_uris=("https://app.example/cb",))
STRICT = replace(CLIENT, options=ClientOptions(profile="fapi2"))
CLAIMS: dict[str, Any] = {
    "iss": "web-1",
    "aud": ISSUER,
    "nbf": NOW,
    "exp": NOW + 60,
    "client_id": "web-1",
    "scope": "openid",
    "state": "inside",
}


def signed(claims: dict[str, Any], key: Any = OWN, alg: str = "ES256", **header: Any) -> str:
    head = {"alg": alg, "kid": key.kid, "typ": "oauth-authz-req+jwt", **header}
    return jws.serialize_compact(head, json.dumps(claims).encode(), key, algorithms=[alg])


def without(name: str) -> dict[str, Any]:
    return {each: value for each, value in CLAIMS.items() if each != name}


def opened(text: str, client: ClientView = CLIENT, now: int = NOW) -> Opened:
    return request_object.opened(
        text,
        client,
        lambda _kid: KEYS,
        names=authorize.NAMES,
        issuer=ISSUER,
        skew=30,
        now=now,
    )


@pytest.mark.standard("RFC 9101", "4")
def test_what_stands_inside_comes_out_as_parameters() -> None:
    claims = {**CLAIMS, "max_age": 60, "claims": {"id_token": {"email": None}}, "what": ["else"]}
    told = opened(signed({**claims, "jti": "j1", "nonce": ""}))
    assert told.values == {
        "client_id": "web-1",
        "scope": "openid",
        "state": "inside",
        "max_age": "60",
        "claims": '{"id_token":{"email":null}}',
    }
    assert (told.jti, told.remembered) == ("j1", 120)
    assert opened(signed(without("client_id"))).values["client_id"] == "web-1"


@pytest.mark.standard("RFC 9101", "10.8")
@pytest.mark.parametrize("kind", ["JWT", "oauth-authz-req+jwt", "application/oauth-authz-req+jwt"])
def test_kinds_of_request(kind: str) -> None:
    assert opened(signed(CLAIMS, typ=kind))


@pytest.mark.standard("FAPI 2.0 Message Signing", "5.3.1")
@pytest.mark.parametrize(
    "claims",
    [
        {**CLAIMS, "aud": [ISSUER, "https://other.example"]},
        {**CLAIMS, "nbf": NOW + 8},
        {**CLAIMS, "nbf": NOW - 3500},
    ],
)
def test_what_the_strict_profile_lets_pass(claims: dict[str, Any]) -> None:
    for client in (CLIENT, STRICT):
        assert opened(signed(claims), client)
    assert opened(signed(claims, RSA, "PS256"), STRICT)


@pytest.mark.standard("RFC 9101", "6")
@pytest.mark.parametrize(
    "claims",
    [
        without("iss"),
        without("aud"),
        without("exp"),
        {**CLAIMS, "iss": "web-2"},
        {**CLAIMS, "client_id": "web-2"},
        {**CLAIMS, "client_id": ["web-1"]},
        {**CLAIMS, "aud": "https://other.example"},
        {**CLAIMS, "aud": [["https://login.example"]]},
        {**CLAIMS, "exp": NOW - 31},
        {**CLAIMS, "exp": NOW + 3601},
        {**CLAIMS, "exp": "soon"},
        {**CLAIMS, "exp": True},
        {**CLAIMS, "nbf": NOW + 31},
        {**CLAIMS, "nbf": NOW - 3601, "exp": NOW - 1},
        {**CLAIMS, "jti": "x" * 513},
        {**CLAIMS, "request": "e30.e30.AA"},
        {**CLAIMS, "request_uri": "urn:ietf:params:oauth:request_uri:a"},
        {**CLAIMS, "state": True},
        {**CLAIMS, "state": None},
        {**CLAIMS, "state": 1.5},
        {**CLAIMS, "state": "a\0b"},
        {**CLAIMS, "state": "\ud800"},
    ],
)
def test_what_no_object_may_say(claims: dict[str, Any]) -> None:
    for client in (CLIENT, STRICT):
        with pytest.raises(InvalidObject):
            opened(signed(claims), client)


def test_only_the_strict_profile_asks_when_it_begins() -> None:
    assert opened(signed(without("nbf")))
    with pytest.raises(InvalidObject, match="nbf is missing"):
        opened(signed(without("nbf")), STRICT)


@pytest.mark.parametrize(
    ("text", "client"),
    [
        (signed(CLAIMS, STRANGER), CLIENT),
        (signed(CLAIMS, typ="dpop+jwt"), CLIENT),
        (signed(CLAIMS, typ="at+jwt"), CLIENT),
        (signed(CLAIMS, kid="unknown"), CLIENT),
        (signed(CLAIMS, RSA, "RS256"), STRICT),
        (
            signed(CLAIMS),
            replace(CLIENT, options=ClientOptions(request_object_signing_alg="PS256")),
        ),
        (signed(CLAIMS)[:-4] + "AAAA", CLIENT),
        (signed(CLAIMS).replace(".", ".e", 1), CLIENT),
        ("", CLIENT),
        ("a.b.c", CLIENT),
    ],
)
def test_forged_objects(text: str, client: ClientView) -> None:
    with pytest.raises(InvalidObject):
        opened(text, client)


def test_a_shared_secret_made_of_the_public_key_signs_nothing() -> None:
    import base64
    import hashlib
    import hmac

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    message = f"{part({'alg': 'HS256', 'kid': 'rsa'})}.{part(CLAIMS)}"
    mac = hmac.new(RSA.as_pem(private=False), message.encode(), hashlib.sha256).digest()
    text = f"{message}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    with pytest.raises(InvalidObject):
        opened(text)
    for alg in ("none", "None", "NONE"):
        unsigned = f"{part({'alg': alg})}.{part(CLAIMS)}"
        for text in (f"{unsigned}.", f"{unsigned}.AA"):
            assert not request_object.is_signed(text)
            with pytest.raises(InvalidObject):
                opened(text)


@given(st.text(alphabet="abcXYZ019-_.=") | st.text())
def test_anything_else_is_refused_and_nothing_breaks(text: str) -> None:
    request_object.is_signed(text)
    with pytest.raises(InvalidObject):
        opened(text)
