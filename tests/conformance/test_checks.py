"""The relying party's checks notice what is wrong."""

from __future__ import annotations

import httpx
import pytest
from conformance import party as parties
from conformance.browser import Returned
from conformance.party import Party
from conformance.provider import CALLBACK
from joserfc.errors import BadSignatureError, InvalidClaimError


@pytest.fixture
def client(provider, owner):
    return Party(provider, provider.first)


@pytest.fixture
def done(client, browser):
    return client.sign_in(browser)


@pytest.mark.parametrize("wrong", ["nonce", "access_token", "client", "signature"])
def test_an_id_token_that_is_not_the_one_meant(client, done, provider, wrong):
    told = {"access_token": done.access_token, "nonce": done.request["nonce"]}
    client.id_token(done.id_token, **told)
    token, reader = done.id_token, client
    expected: type[Exception] = InvalidClaimError
    if wrong == "client":
        reader = Party(provider, provider.second)
    elif wrong == "signature":
        head, body, signature = token.split(".")
        token = f"{head}.{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
        expected = BadSignatureError
    else:
        told[wrong] += "x"
    with pytest.raises(expected):
        reader.id_token(token, **told)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ({"state": "other"}, None),
        ({"iss": "https://other.example"}, None),
        ({"error": "access_denied"}, None),
        ({}, {"code": "c"}),
    ],
)
def test_an_answer_that_is_not_to_be_believed(client, provider, query, form):
    request = client.request(state="s")
    right = {"code": "c", "state": "s", "iss": provider.metadata["issuer"]}
    assert client.code(request, Returned(CALLBACK, tuple(right.items()))) == "c"
    posted = None if form is None else tuple(form.items())
    with pytest.raises(AssertionError):
        client.code(request, Returned(CALLBACK, tuple((right | query).items()), posted))


def test_a_posted_answer_that_came_by_redirect(provider, owner):
    client = Party(provider, provider.first, mode="form_post")
    request = client.request(state="s")
    right = (("code", "c"), ("state", "s"), ("iss", provider.metadata["issuer"]))
    assert client.code(request, Returned(CALLBACK, (), right)) == "c"
    for wrong in (Returned(CALLBACK, right), Returned(CALLBACK, (("code", "c"),), right)):
        with pytest.raises(AssertionError):
            client.code(request, wrong)


def test_a_refusal_that_gives_a_token():
    body = {"error": "invalid_grant"}
    parties.check_refusal(httpx.Response(400, json=body), "invalid_grant")
    for status, told in ((200, body), (400, body | {"access_token": "t"}), (400, {"error": "x"})):
        with pytest.raises(AssertionError):
            parties.check_refusal(httpx.Response(status, json=told), "invalid_grant")


@pytest.mark.parametrize(
    "claims", [{"name": ""}, {"email_verified": "true"}, {"updated_at": 1_700_000_000_000}]
)
def test_claims_of_the_wrong_kind(claims):
    with pytest.raises(AssertionError):
        parties.check_claims(claims)


def test_a_random_value_that_is_not_random():
    assert parties.entropy("a" * 100) == 0
    assert parties.entropy("0123456789abcdef" * 2) == 128
