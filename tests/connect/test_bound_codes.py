"""A code that is bound to a key, from the authorization request to the resource."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from hospes.connect.models import AuthorizationCode, PushedRequest
from hospes.foundation import clock as product_clock
from support.authorizing import CALLBACK, CHALLENGE, VERIFIER, answered, authorize_url
from support.signing import OTHER, PRIVATE, proof

ISSUER = "https://hospes.test"
MINE, THEIRS = PRIVATE["ES256"], OTHER["ES256"]
FORM = {
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid email",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def shop(register):
    return register()


def shown(path, key=MINE, method="POST", **changes):
    now = product_clock.timestamp()
    return {"DPoP": proof(method, ISSUER + path, now=now, key=key, **changes)}


def push(site, shop, headers, **changes):
    form = {"client_id": shop.application.client_id, "client_secret": shop.secret, **FORM}
    return site.client.post("/oauth2/par", data={**form, **changes}, headers=headers)


def agreed(site, url):
    site.get(url)
    site.submit({}, button="Allow")
    _address, fields = answered(site.response)
    return fields["code"]


def redeem(site, shop, code, headers):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": shop.application.client_id,
        "client_secret": shop.secret,
    }
    return site.client.post("/token", data=form, headers=headers)


def used_by_its_key_alone(site, shop, code):
    for headers in ({}, shown("/token", THEIRS)):
        answer = redeem(site, shop, code, headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert AuthorizationCode.objects.get().used_at is None
    told = redeem(site, shop, code, shown("/token")).json()
    assert told["token_type"] == "DPoP"
    token = told["access_token"]
    headers = {"Authorization": f"DPoP {token}"}
    mine = shown("/oauth2/userinfo", method="GET", token=token)
    theirs = shown("/oauth2/userinfo", THEIRS, method="GET", token=token)
    answers = [
        site.client.get("/oauth2/userinfo", headers={**headers, **more}).status_code
        for more in (mine, theirs, {}, mine)
    ]
    assert answers == [200, 401, 401, 401]


@pytest.mark.standard("RFC 9449", "10")
def test_dpop_jkt_binds_the_code(site, anna, shop):
    url = authorize_url(shop.application, dpop_jkt=MINE.thumbprint(), scope="openid email")
    used_by_its_key_alone(site, shop, agreed(site, url))


@pytest.mark.standard("RFC 9449", "10.1")
@pytest.mark.parametrize("named", [{}, {"dpop_jkt": MINE.thumbprint()}])
def test_a_proof_with_the_pushed_request_binds_the_code(site, anna, shop, named):
    answer = push(site, shop, shown("/oauth2/par"), **named)
    assert answer.status_code == 201, answer.text
    about = {"client_id": shop.application.client_id, "request_uri": answer.json()["request_uri"]}
    used_by_its_key_alone(site, shop, agreed(site, "/authorize?" + urlencode(about)))


@pytest.mark.standard("RFC 9449", "10.1")
@pytest.mark.parametrize(
    ("path", "key", "named"),
    [
        # The request names one key and proves another; the proof is for another address.
        ("/oauth2/par", THEIRS, {"dpop_jkt": MINE.thumbprint()}),
        ("/token", MINE, {}),
    ],
)
def test_a_pushed_request_with_another_proof_is_refused(site, shop, path, key, named):
    answer = push(site, shop, shown(path, key), **named)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert not PushedRequest.objects.exists()


def test_a_proof_is_not_used_again_from_one_endpoint_to_another(site, shop):
    headers = shown("/oauth2/par")
    assert push(site, shop, headers).status_code == 201
    assert push(site, shop, headers).json()["error"] == "invalid_dpop_proof"
    assert PushedRequest.objects.count() == 1
