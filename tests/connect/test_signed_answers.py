"""Signed answers (JARM): what the browser carries back is one JWT, errors too."""

from __future__ import annotations

import json

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from hospes.connect.models import Application
from hospes.foundation import clock as product_clock
from hospes.protocols.oauth import jarm, options
from hospes.protocols.oauth.id_token import REGISTRY
from hospes.protocols.oauth.options import ClientOptions
from support.authorizing import CALLBACK, answered, authorize_url


def said(value):
    Application.objects.update(options=options.write(value))


def read(site, text):
    keys = KeySet.import_key_set(site.get("/oauth2/jwks").json())
    found = jws.deserialize_compact(text, keys, registry=REGISTRY)
    return found.headers()["alg"], json.loads(found.payload)


@pytest.mark.standard("JARM", "2.3.1")
@pytest.mark.parametrize("mode", ["jwt", "query.jwt"])
def test_the_code_stands_in_a_signed_answer_and_nowhere_else(site, anna, application, mode):
    site.get(authorize_url(application, response_mode=mode))
    address, fields = answered(site.submit({}, button="Allow"))
    assert (address, set(fields)) == (CALLBACK, {"response"})
    alg, told = read(site, fields["response"])
    assert alg == "RS256"
    assert set(told) == {"iss", "aud", "exp", "code", "state"}
    assert (told["iss"], told["aud"]) == ("https://hospes.test", application.client_id)
    assert told["state"] == "st-1"
    assert told["exp"] == pytest.approx(product_clock.timestamp() + 60, abs=3)


@pytest.mark.standard("JARM", "2.3.3")
def test_it_may_be_posted(site, anna, application):
    site.get(authorize_url(application, response_mode="form_post.jwt"))
    response = site.submit({}, button="Allow")
    assert response.status_code == 200
    fields = site.page.form(CALLBACK).fields
    assert set(fields) == {"response"}
    assert read(site, fields["response"])[1]["state"] == "st-1"
    assert "form-action 'self' https://shop.example;" in response.headers["content-security-policy"]


@pytest.mark.standard("JARM", "2.1")
@pytest.mark.parametrize("changes", [{"prompt": "none"}, {"scope": "nothing"}])
def test_errors_are_signed_as_well(site, application, changes):
    response = site.get(authorize_url(application, response_mode="jwt", **changes))
    address, fields = answered(response)
    assert (address, set(fields)) == (CALLBACK, {"response"})
    told = read(site, fields["response"])[1]
    assert told["error"] in {"login_required", "invalid_scope"}
    assert (told["state"], told["aud"]) == ("st-1", application.client_id)


@pytest.mark.standard("JARM", "3")
@pytest.mark.parametrize("mode", [None, "query", "jwt"])
def test_who_registered_an_algorithm_is_answered_signed_whatever_the_request_says(
    site, application, mode
):
    said(ClientOptions(authorization_signed_response_alg="EdDSA"))
    _, fields = answered(site.get(authorize_url(application, response_mode=mode, prompt="none")))
    assert set(fields) == {"response"}
    alg, told = read(site, fields["response"])
    assert (alg, told["error"]) == ("EdDSA", "login_required")


def test_the_strict_profile_does_not_sign_with_rs256():
    assert jarm.algorithm_of(ClientOptions()) == "RS256"
    assert jarm.algorithm_of(ClientOptions(profile="fapi2")) == "ES256"
    strict = ClientOptions(profile="fapi2", authorization_signed_response_alg="RS256")
    assert jarm.algorithm_of(strict) == "ES256"


@pytest.mark.parametrize(
    ("asked", "plain", "signed"),
    [
        ("", "query", "query.jwt"),
        ("query", "query", "query.jwt"),
        ("form_post", "form_post", "form_post.jwt"),
        ("jwt", "query.jwt", "query.jwt"),
        ("form_post.jwt", "form_post.jwt", "form_post.jwt"),
        ("fragment.jwt", "query", "query.jwt"),
        ("form_posts", "query", "query.jwt"),
    ],
)
def test_every_mode(asked, plain, signed):
    assert jarm.mode_of(asked, ClientOptions()) == plain
    always = ClientOptions(authorization_signed_response_alg="ES256")
    assert jarm.mode_of(asked, always) == signed
