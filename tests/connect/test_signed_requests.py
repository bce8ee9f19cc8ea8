"""Signed authorization requests in the browser and pushed (RFC 9101): only the object counts."""

from __future__ import annotations

import json

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from hospes.connect.models import Application, Grant, PushedRequest
from hospes.foundation import clock as product_clock
from hospes.protocols.oauth import options
from hospes.protocols.oauth.options import ClientOptions
from support.authorizing import CALLBACK, CHALLENGE, answered, authorize_url

ISSUER = "https://hospes.test"
KEY = ECKey.generate_key("P-256", {"kid": "shop"})
JWKS = json.dumps({"keys": [KEY.as_dict(private=False)]})


@pytest.fixture
def shop(register):
    made = register()
    said(ClientOptions(jwks=JWKS))
    return made


def said(value):
    Application.objects.update(options=options.write(value))


def signed(shop, *, key=KEY, **changes):
    now = product_clock.timestamp()
    claims = {
        "iss": shop.application.client_id,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "client_id": shop.application.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": "inside",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    told = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "ES256", "kid": "shop", "typ": "oauth-authz-req+jwt"}
    return jws.serialize_compact(head, json.dumps(told).encode(), key, algorithms=["ES256"])


def bare(shop, text, **beside):
    values = dict.fromkeys(
        ("redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge",
         "code_challenge_method")
    )  # fmt: skip
    return authorize_url(shop.application, request=text, **{**values, **beside})


@pytest.mark.standard("RFC 9101", "6.3")
def test_only_what_stands_in_the_object_counts(site, anna, shop):
    beside = {"scope": "openid phone", "state": "outside", "nonce": "outside", "prompt": "none"}
    site.get(bare(shop, signed(shop), redirect_uri="https://evil.example/", **beside))
    assert site.page.heading == "Sign in to Flower shop"
    assert "phone" not in site.page.text
    address, fields = answered(site.submit({}, button="Allow"))
    assert (address, fields["state"]) == (CALLBACK, "inside")
    grant = Grant.objects.get()
    assert (grant.scope, grant.nonce) == ("email openid", "")


def test_what_stands_beside_it_alone_is_not_used(site, anna, shop):
    site.get(bare(shop, signed(shop, state=None), state="outside"))
    assert "state" not in answered(site.submit({}, button="Allow"))[1]
    assert (
        site.get(bare(shop, signed(shop, redirect_uri=None), redirect_uri=CALLBACK)).status_code
        == 400
    )


@pytest.mark.standard("RFC 9101", "6.2")
@pytest.mark.parametrize("key", [KEY, ECKey.generate_key("P-256", {"kid": "shop"})])
def test_a_faulty_object_is_told_where_the_address_beside_it_is_registered(site, anna, shop, key):
    text = signed(shop, key=key, **({"aud": "https://other.example"} if key is KEY else {}))
    address, fields = answered(site.get(bare(shop, text, redirect_uri=CALLBACK, state="s")))
    assert (address, fields["error"], fields["state"]) == (CALLBACK, "invalid_request_object", "s")
    assert site.get(bare(shop, text)).status_code == 400
    assert site.get(bare(shop, text, redirect_uri="https://evil.example/")).status_code == 400
    assert not Grant.objects.exists()


def test_an_object_of_another_application_is_refused(site, anna, shop, register):
    text = signed(shop)
    other = register(name="Other")
    said(ClientOptions(jwks=JWKS))
    _, fields = answered(site.get(bare(other, text, redirect_uri=CALLBACK)))
    assert fields["error"] == "invalid_request_object"


def test_an_object_with_a_name_gives_one_code(site, anna, shop):
    where = bare(shop, signed(shop, jti="j-1"))
    for _ in range(2):
        assert site.get(where).status_code == 200
    assert "code" in answered(site.submit({}, button="Allow"))[1]
    assert site.get(where).status_code == 400
    assert Grant.objects.count() == 1


@pytest.mark.standard("RFC 9101", "10.5")
def test_who_has_to_sign_gets_nothing_without(site, anna, shop):
    said(ClientOptions(jwks=JWKS, require_signed_request_object=True))
    _, fields = answered(site.get(authorize_url(shop.application)))
    assert fields["error"] == "invalid_request"
    assert site.get(bare(shop, signed(shop))).status_code == 200
    assert push(site, shop, request=signed(shop)).status_code == 201
    refused = push(site, shop, redirect_uri=CALLBACK, response_type="code", scope="openid",
                   code_challenge=CHALLENGE, code_challenge_method="S256")  # fmt: skip
    assert refused.json()["error"] == "invalid_request"
    assert not Grant.objects.exists()


def push(site, shop, **form):
    proof = {"client_id": shop.application.client_id, "client_secret": shop.secret}
    return site.post("/oauth2/par", proof | form, csrf=False)


@pytest.mark.standard("RFC 9126", "3")
def test_a_signed_request_may_be_pushed_and_is_good_once(site, anna, shop):
    text = signed(shop, jti="j-2")
    pushed = push(site, shop, request=text, scope="openid phone", state="outside")
    assert pushed.status_code == 201
    site.get(
        f"/authorize?client_id={shop.application.client_id}"
        f"&request_uri={pushed.json()['request_uri']}"
    )
    assert answered(site.submit({}, button="Allow"))[1]["state"] == "inside"
    assert Grant.objects.get().scope == "email openid"
    again = push(site, shop, request=text)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request_object")


def test_faulty_objects_are_refused_when_pushed(site, shop):
    stranger = ECKey.generate_key("P-256", {"kid": "shop"})
    for text in (
        signed(shop, key=stranger),
        signed(shop, request_uri="urn:ietf:params:oauth:request_uri:a"),
        signed(shop, exp=None),
        "eyJhbGciOiJub25lIn0.e30.",
        "nothing",
    ):
        answer = push(site, shop, request=text)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request_object")
    assert (
        push(site, shop, request=signed(shop, redirect_uri="https://evil.example/")).status_code
        == 400
    )
    assert not PushedRequest.objects.exists()
