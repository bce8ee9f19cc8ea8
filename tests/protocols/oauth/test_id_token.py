from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from hospes.protocols.oauth.id_token import (
    REGISTRY,
    Authentication,
    Hint,
    at_hash,
    claims,
    read_hint,
)

ISSUER = "https://login.example"
KEYS: dict[str, Any] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "r", "use": "sig", "alg": "RS256"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "e", "use": "sig", "alg": "ES256"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "o", "use": "sig", "alg": "EdDSA"}),
}
JWKS = {"keys": [key.as_dict(private=False) for key in KEYS.values()]}
GOOD = {"iss": ISSUER, "sub": "u-1", "aud": "web-1", "exp": 1}


def signed(told: dict[str, object], alg: str = "RS256", key: Any = None, **header: Any) -> str:
    key = key or KEYS[alg]
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, told, key, registry=REGISTRY)


def test_the_claims_say_who_for_whom_when_and_how() -> None:
    authentication = Authentication("u-1", 900, ("pwd",), "n1")
    assert claims(
        authentication,
        issuer=ISSUER,
        client_id="web-1",
        access_token="hsp_at_x",
        alg="RS256",
        issued_at=1000,
        lifetime=3600,
    ) == {
        "iss": ISSUER,
        "sub": "u-1",
        "aud": "web-1",
        "iat": 1000,
        "exp": 4600,
        "auth_time": 900,
        "nonce": "n1",
        "amr": ["pwd"],
        "acr": "1",
        "at_hash": at_hash("hsp_at_x", "RS256"),
    }


def test_what_was_not_asked_is_not_told() -> None:
    told = claims(
        Authentication("u-1", None),
        issuer=ISSUER,
        client_id="c",
        access_token="a",
        alg="ES256",
        issued_at=0,
        lifetime=1,
    )
    assert not {"nonce", "auth_time", "amr"} & set(told)


def test_ghsa_wc43_73w7_x2f5_two_methods_of_one_kind_are_no_second_factor() -> None:
    assert Authentication("u", 0, ("pwd", "otp", "mfa")).acr == "2"
    assert Authentication("u", 0, ("pwd", "otp")).acr == "1"


def test_at_hash_is_the_one_of_the_standard() -> None:
    # OpenID Connect Core, appendix A.3.
    assert at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "RS256") == (
        "77QmUPtjPfzWtF2AnpK9RQ"
    )
    assert len(at_hash("a", "EdDSA")) == 43


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_hint_of_our_own_is_read_even_when_expired(alg: str) -> None:
    assert read_hint(signed(GOOD, alg), jwks=JWKS, issuer=ISSUER) == Hint("u-1", "web-1")


def _unsigned() -> str:
    head, body, _ = signed(GOOD).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert head
    return f"{none}.{body}."


def _other_key() -> str:
    return signed(GOOD, key=RSAKey.generate_key(2048, {"kid": "r"}))


def _hmac_with_public_key() -> str:
    # By hand: no library would do it.
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"r"}').rstrip(b"=").decode()
    text = f"{head}.{signed(GOOD).split('.')[1]}"
    mac = hmac.digest(KEYS["RS256"].as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _tampered() -> str:
    head, _, signature = signed(GOOD).split(".")
    return ".".join([head, signed({**GOOD, "sub": "u-2"}).split(".")[1], signature])


@pytest.mark.parametrize(
    "make",
    [
        lambda: "",
        lambda: "x",
        lambda: "x.y.z",
        lambda: "é.é.é",
        lambda: signed(GOOD) + "a" * 9000,
        _unsigned,
        _other_key,
        _hmac_with_public_key,
        _tampered,
        lambda: signed({**GOOD, "iss": "https://evil.example"}),
        lambda: signed({**GOOD, "sub": 7}),
        lambda: signed({**GOOD, "aud": ["web-1", "web-2"]}),
        lambda: signed({"iss": ISSUER, "sub": "u-1"}),
        lambda: jws.serialize_compact(
            {"alg": "RS256", "kid": "r"}, b"[]", KEYS["RS256"], algorithms=["RS256"]
        ),
        lambda: jws.serialize_compact(
            {"alg": "RS256", "kid": "r"}, b"\xff", KEYS["RS256"], algorithms=["RS256"]
        ),
    ],
)
def test_any_other_hint_is_none(make: Any) -> None:
    assert read_hint(make(), jwks=JWKS, issuer=ISSUER) is None


def test_without_keys_no_hint_is_read() -> None:
    assert read_hint(signed(GOOD), jwks={"keys": []}, issuer=ISSUER) is None


@given(st.text())
def test_any_text_is_read_or_none(text: str) -> None:
    assert read_hint(text, jwks=JWKS, issuer=ISSUER) is None


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.binary())
def test_any_header_and_payload_are_read_or_none(header: dict[str, object], payload: bytes) -> None:
    parts = [json.dumps(header).encode(), payload, b"sig"]
    token = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    assert read_hint(token, jwks=JWKS, issuer=ISSUER) is None
