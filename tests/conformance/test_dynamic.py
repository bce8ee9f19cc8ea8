"""The modules of the plan for dynamic registration that no other plan has."""

from __future__ import annotations

import json
import secrets

import pytest
from conformance.browser import Returned
from conformance.provider import CALLBACK
from conformance.test_refusals import stays_on_an_error_page

from support.signing import OTHER, PRIVATE, key_set

QUERY = f"{CALLBACK}?foo=bar"
NOT_OFFERED = "not among what discovery offers, so the suite skips this module"
NOWHERE = "the suite publishes keys at an address of its own; here they stand in the registration"


def keys(given=PRIVATE):
    return json.loads(key_set("ES256", keys=given))


def test_oidcc_idtoken_rs256(registrar, browser, outcome):
    party = registrar.program(id_token_signed_response_alg="RS256")
    assert party.sign_in(browser).header["alg"] == "RS256"


def test_oidcc_userinfo_rs256(registrar, browser, provider, outcome):
    assert "RS256" in provider.metadata["userinfo_signing_alg_values_supported"]
    party = registrar.program(userinfo_signed_response_alg="RS256")
    done = party.sign_in(browser)
    assert party.call_userinfo(done.access_token).headers["content-type"] == "application/jwt"


def test_oidcc_ensure_redirect_uri_in_authorization_request(party, browser, outcome):
    arrived = party.ask(browser, party.request(redirect_uri=None))
    stays_on_an_error_page(arrived, "redirect_uri_missing")


def test_oidcc_redirect_uri_query_OK(registrar, browser, outcome):  # noqa: N802 - the suite's name
    party = registrar.program(redirect_uris=[QUERY])
    arrived = party.ask(browser, party.request(redirect_uri=QUERY))
    assert isinstance(arrived, Returned)
    told = dict(arrived.query)
    assert arrived.address == CALLBACK
    assert told.pop("foo") == "bar"
    assert set(told) == {"code", "state", "iss"}


@pytest.mark.parametrize("other", ["?foo=baz", "?foo=bar&foo=baz", "?foo=bar#x", ""])
def test_oidcc_redirect_uri_query_mismatch(registrar, browser, outcome, other):
    party = registrar.program(redirect_uris=[QUERY])
    arrived = party.ask(browser, party.request(redirect_uri=CALLBACK + other))
    stays_on_an_error_page(arrived, "redirect_uri_mismatch")


def test_oidcc_redirect_uri_query_added(party, browser, outcome):
    arrived = party.ask(browser, party.request(redirect_uri=QUERY))
    stays_on_an_error_page(arrived, "redirect_uri_mismatch")


def test_oidcc_redirect_uri_regfrag(registrar, outcome):
    registrar.refused("invalid_redirect_uri", redirect_uris=[f"{CALLBACK}#fragment"])


def consent_page(registrar, browser, **told):
    party = registrar.program(**told)
    party.sign_in(browser)
    assert browser.asked[-1] == "/authorize"
    fresh = registrar.program(**told)
    return browser.first(fresh.provider.metadata["authorization_endpoint"], fresh.request())


def test_oidcc_registration_logo_uri(registrar, browser, outcome):
    response = registrar.send(logo_uri="https://party.example/logo.png")
    assert response.status_code == 201
    assert "logo_uri" not in response.json()
    outcome.deviate("a logo is uploaded by the owner; an address of one is passed over")


def test_oidcc_registration_policy_uri(registrar, browser, outcome):
    page = consent_page(registrar, browser, policy_uri="https://party.example/policy")
    assert "https://party.example/policy" in [link.href for link in page.links]


def test_oidcc_registration_tos_uri(registrar, browser, outcome):
    page = consent_page(registrar, browser, tos_uri="https://party.example/terms")
    assert "https://party.example/terms" in [link.href for link in page.links]


def test_oidcc_registration_jwks_uri(registrar, browser, outcome):
    address = "https://party.example/jwks.json"
    found = registrar.send(token_endpoint_auth_method="private_key_jwt", jwks_uri=address)
    assert (found.status_code, found.json()["jwks_uri"]) == (201, address)
    registrar.refused("invalid_client_metadata", jwks_uri=address, jwks=keys())
    told = {"token_endpoint_auth_method": "private_key_jwt", "jwks": keys()}
    registrar.program(PRIVATE["ES256"], **told).sign_in(browser)
    outcome.warn(NOWHERE)


def test_oidcc_registration_sector_uri(registrar, provider, outcome):
    assert "pairwise" not in provider.metadata["subject_types_supported"]
    address = "https://party.example/sector.json"
    registrar.refused(
        "invalid_client_metadata", subject_type="pairwise", sector_identifier_uri=address
    )
    outcome.skip(f"pairwise subjects are {NOT_OFFERED}")


def test_oidcc_registration_sector_bad(registrar, provider, outcome):
    assert "pairwise" not in provider.metadata["subject_types_supported"]
    address = "https://elsewhere.example/sector.json"
    registrar.refused("invalid_client_metadata", sector_identifier_uri=address)
    outcome.skip(f"pairwise subjects are {NOT_OFFERED}")


def test_oidcc_server_rotate_keys(party, browser, provider, outcome):
    named = party.sign_in(browser).header["kid"]
    assert named in {key["kid"] for key in provider.jwks["keys"]}
    outcome.deviate(
        "keys are replaced on schedule, with an overlap, and not at the suite's request; the "
        "replacement itself is tried in tests/connect/test_signing_keys.py"
    )


def test_oidcc_refresh_token_rp_key_rotation(registrar, browser, provider, outcome):
    told = {"token_endpoint_auth_method": "private_key_jwt", "jwks": keys()}
    party = registrar.program(PRIVATE["ES256"], **told)
    done = party.sign_in(browser, scope="openid offline_access", prompt="consent")
    changed = provider.http.put(
        party.told["registration_client_uri"],
        json={
            **told,
            "client_id": party.client.client_id,
            "redirect_uris": [CALLBACK],
            "jwks": keys(OTHER),
        },
        headers={"Authorization": f"Bearer {party.told['registration_access_token']}"},
    )
    assert changed.status_code == 200, changed.text
    asked = {"grant_type": "refresh_token", "refresh_token": done.answer["refresh_token"]}
    assert party.post(**asked).status_code == 401
    party.key = OTHER["ES256"]
    party.tokens(party.post(**asked))
    outcome.warn(NOWHERE)


def by_reference(party, browser, outcome):
    assert party.provider.metadata["request_uri_parameter_supported"] is False
    party.sign_in(browser)
    request = {
        **party.request(),
        "request_uri": f"https://party.example/{secrets.token_urlsafe(8)}",
    }
    assert party.error(request, party.ask(browser, request)) == "request_uri_not_supported"
    outcome.skip(f"requests by reference to other sites are {NOT_OFFERED}")


def test_oidcc_request_uri_unsigned(party, browser, outcome):
    by_reference(party, browser, outcome)


def test_oidcc_request_uri_signed_rs256(party, browser, outcome):
    by_reference(party, browser, outcome)


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(registrar, browser, outcome):
    told = {"token_endpoint_auth_method": "private_key_jwt", "jwks": keys()}
    registrar.program(PRIVATE["ES256"], **told).sign_in(browser)
