"""The modules of the basic plans in which a person signs in and all goes well."""

from __future__ import annotations

import base64
import hashlib
import secrets

from conformance.party import PROTOCOL_CLAIMS, SCOPES, Party, check_refusal, check_scope, entropy

NOT_OFFERED = "scopes_supported does not hold {}, so the suite skips this module"


def offered(provider, scope):
    """Return the claims that discovery offers among those of ``scope``."""
    claims = [claim for name in scope.split() for claim in SCOPES[name]]
    return [claim for claim in claims if claim in provider.metadata["claims_supported"]]


# ---- response types and ID tokens ------------------------------------------------------------


def test_oidcc_server(party, browser, outcome):
    done = party.sign_in(browser)
    assert len(done.code) * 8 >= 128
    assert entropy(done.code) >= 96
    assert "c_hash" not in done.claims
    assert "refresh_token" not in done.answer, "nobody asked to stay connected"
    assert set(done.claims) <= PROTOCOL_CLAIMS
    assert set(done.userinfo) == {"sub"}


def test_oidcc_idtoken_signature(party, browser, provider, outcome):
    done = party.sign_in(browser)
    assert done.header["alg"] == "RS256"
    kids = {key["kid"]: key for key in provider.jwks["keys"]}
    assert len(kids) == len(provider.jwks["keys"])
    assert kids[done.header["kid"]]["kty"] == "RSA"


def test_oidcc_idtoken_unsigned(party, provider, owner, outcome):
    assert "none" not in provider.metadata["id_token_signing_alg_values_supported"]
    owner.fill_in("Unsigned", id_token_alg="none")
    assert owner.page.errors("id_token_alg"), "an application without signatures was registered"
    owner.open("/auth/applications")
    assert "First client" in owner.page.text
    assert "Unsigned" not in owner.page.text
    outcome.skip(
        "id_token_signing_alg_values_supported does not hold none, so the suite skips this module"
    )


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(party, browser, outcome):
    done = party.sign_in(browser, nonce=None)
    assert "nonce" not in done.claims


def test_oidcc_server_client_secret_post(party, browser, provider, outcome):
    assert "client_secret_post" in provider.metadata["token_endpoint_auth_methods_supported"]
    Party(provider, party.client, mode=party.mode, method="post").sign_in(browser)


def test_oidcc_ensure_request_with_valid_pkce_succeeds(party, browser, outcome):
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    request = party.request(
        code_challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        code_challenge_method="S256",
    )
    party.finish(request, party.ask(browser, request), code_verifier=verifier)


# ---- userinfo --------------------------------------------------------------------------------


def test_oidcc_userinfo_get(party, browser, outcome):
    done = party.sign_in(browser)
    party.userinfo(party.call_userinfo(done.access_token, "get"), done.claims["sub"])


def test_oidcc_userinfo_post_header(party, browser, outcome):
    done = party.sign_in(browser)
    party.userinfo(party.call_userinfo(done.access_token, "header"), done.claims["sub"])


def test_oidcc_userinfo_post_body(party, browser, outcome):
    # The suite only warns where this is not supported; here it is.
    done = party.sign_in(browser)
    party.userinfo(party.call_userinfo(done.access_token, "body"), done.claims["sub"])


# ---- scopes and claims -----------------------------------------------------------------------


def scope_module(party, browser, outcome, scope):
    done = party.sign_in(browser, scope=scope)
    check_scope(outcome, scope, done.userinfo, offered(party.provider, scope))
    assert set(done.answer["scope"].split()) == set(scope.split())
    assert set(done.claims) <= PROTOCOL_CLAIMS
    return done


def test_oidcc_scope_profile(party, browser, outcome):
    done = scope_module(party, browser, outcome, "openid profile")
    assert done.userinfo["name"] == "Anna Keller"
    assert "email" not in done.userinfo


def test_oidcc_scope_email(party, browser, outcome):
    done = scope_module(party, browser, outcome, "openid email")
    assert done.userinfo["email"] == "anna.keller@customer.example"
    assert "name" not in done.userinfo


def test_oidcc_scope_phone(party, browser, outcome):
    done = scope_module(party, browser, outcome, "openid phone")
    assert done.userinfo["phone_number"] == "+41446681800"


def test_oidcc_scope_address(party, browser, outcome):
    assert "address" not in party.provider.metadata["scopes_supported"]
    # An unknown scope is left out, and the answer says so; it is no error (Core §3.1.2.1).
    done = party.sign_in(browser, scope="openid address")
    assert done.answer["scope"] == "openid"
    assert "address" not in done.userinfo
    outcome.skip(NOT_OFFERED.format("address"))


def test_oidcc_scope_all(party, browser, outcome):
    assert "address" not in party.provider.metadata["scopes_supported"]
    # The suite's request, and all of it that is offered.
    done = party.sign_in(browser, scope="openid email phone address profile")
    scope = "openid email phone profile"
    assert set(done.answer["scope"].split()) == set(scope.split())
    check_scope(outcome, scope, done.userinfo, offered(party.provider, scope))
    outcome.skip(NOT_OFFERED.format("address"))


def test_oidcc_alternate_happy_flow(party, browser, outcome):
    plain = party.request(scope="email openid")
    request = dict(sorted(plain.items(), reverse=True))
    assert list(request) != list(plain)
    done = party.finish(request, party.ask(browser, request))
    check_scope(outcome, "email openid", done.userinfo, offered(party.provider, "openid email"))


def test_oidcc_claims_essential(party, browser, outcome):
    assert party.provider.metadata["claims_parameter_supported"] is True
    done = party.sign_in(browser, claims='{"userinfo":{"name":{"essential":true}}}')
    assert "name" not in done.claims
    # The suite only warns where the claim does not come; here it must.
    assert done.userinfo["name"] == "Anna Keller"
    assert set(done.userinfo) == {"sub", "name"}, "more was told than was asked for"


def test_oidcc_claims_locales(party, browser, outcome):
    party.sign_in(browser, claims_locales="se")


# ---- steering the pages ----------------------------------------------------------------------


def test_oidcc_display_page(party, browser, outcome):
    party.sign_in(browser, display="page")
    assert browser.asked_for_password


def test_oidcc_display_popup(party, browser, outcome):
    party.sign_in(browser, display="popup")
    assert browser.asked_for_password


def test_oidcc_login_hint(party, browser, outcome):
    party.sign_in(browser, login_hint="buffy@customer.example")
    filled = browser.first_page.form(button="Sign in").fields
    assert filled["email"] == "buffy@customer.example"


def test_oidcc_ui_locales(party, browser, provider, outcome):
    party.sign_in(browser, ui_locales="se")
    assert browser.first_page.language == "en", "a language that is not there changes nothing"
    french = type(browser)(provider)
    try:
        page = french.first(
            provider.metadata["authorization_endpoint"], party.request(ui_locales="fr-CA fr")
        )
    finally:
        french.close()
    assert page.language == "fr"


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(party, browser, outcome):
    party.sign_in(browser, extra="foobar")


def test_oidcc_ensure_request_with_acr_values_succeeds(party, browser, outcome):
    values = party.provider.metadata["acr_values_supported"]
    done = party.sign_in(browser, acr_values=" ".join(values))
    # The suite only warns where the claim is missing or another one.
    assert done.claims["acr"] in values


def test_oidcc_ensure_post_request_succeeds(party, browser, outcome):
    party.sign_in(browser, method="POST")
    assert browser.asked_for_password


# ---- refresh tokens --------------------------------------------------------------------------


def test_oidcc_refresh_token(party, second, browser, outcome):
    assert "refresh_token" in party.provider.metadata["grant_types_supported"]
    assert "offline_access" in party.provider.metadata["scopes_supported"]
    held = {}
    for each in (party, second):
        done = each.sign_in(browser, scope="openid offline_access", prompt="consent")
        assert browser.asked[-1] == "/authorize", "consent was to be asked"
        first = done.answer["refresh_token"]
        assert first.isascii()
        assert first.isprintable()
        response = each.post(grant_type="refresh_token", refresh_token=first)
        answer = each.tokens(response)
        assert answer["access_token"] != done.access_token
        latest = answer.get("refresh_token", first)
        assert len(latest) * 8 >= 128
        assert entropy(latest) >= 96
        same_person(each, done, answer)
        each.userinfo(each.call_userinfo(answer["access_token"]), done.claims["sub"])
        held[each] = latest
    # The second client's token in the first one's hands gives nothing, and is not used up by it.
    refused = party.post(grant_type="refresh_token", refresh_token=held[second])
    check_refusal(refused, "invalid_grant")
    for each in (party, second):
        each.tokens(each.post(grant_type="refresh_token", refresh_token=held[each]))


def same_person(party, done, answer):
    """Compare the ID token of a refresh with the first one (OpenID Connect Core §12.2)."""
    if "id_token" not in answer:
        return
    # It should hold no nonce; if it does, then the one of the request.
    nonce = party.nonce_in(answer["id_token"])
    assert nonce in {None, done.request["nonce"]}
    _header, claims = party.id_token(
        answer["id_token"], access_token=answer["access_token"], nonce=nonce
    )
    for name in ("iss", "sub", "aud", "auth_time", "azp"):
        assert claims.get(name) == done.claims.get(name), name
    assert claims["iat"] >= done.claims["iat"]
