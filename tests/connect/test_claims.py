"""Claims asked for singly, and refresh tokens asked for: what people see and have to allow."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from connect.hints import id_token

from hospes.connect.models import ApplicationEvent, AuthorizationCode, Consent, Grant
from hospes.foundation import clock
from hospes.identity.models import Session
from support.authorizing import CALLBACK, answered, authorize_url

PHONE = '{"userinfo": {"phone_number": {"essential": true}}}'
PHONE_WORDS = "See your phone number"
OFFLINE_WORDS = "Keep this access while you are away, until you remove it"


def allow(site):
    return site.submit({}, button="Allow")


def nothing_was_given():
    return not any(model.objects.exists() for model in (Grant, AuthorizationCode, Consent))


def test_a_single_claim_is_allowed_in_the_words_of_its_scope(site, anna, application):
    site.get(authorize_url(application, scope="openid", claims=PHONE))
    assert PHONE_WORDS in site.page.text
    assert "See your e-mail address" not in site.page.text
    assert answered(allow(site))[0] == CALLBACK
    grant = Grant.objects.get()
    assert grant.scope == "openid"
    assert grant.claims == '{"userinfo":{"phone_number":{"essential":true}}}'
    assert Consent.objects.get().scope == "openid phone"
    # Asked once, in either form.
    for changes in ({"claims": PHONE}, {"scope": "openid phone"}):
        again = authorize_url(application, **{"scope": "openid", **changes})
        assert "code" in answered(site.get(again))[1]


def test_what_was_not_allowed_yet_is_asked_and_prompt_none_is_refused(site, anna, application):
    site.get(authorize_url(application, scope="openid"))
    allow(site)
    before = list(Consent.objects.values()), list(Grant.objects.values())
    fields = answered(
        site.get(authorize_url(application, scope="openid", claims=PHONE, prompt="none"))
    )[1]
    assert fields["error"] == "consent_required"
    assert "code" not in fields
    assert (list(Consent.objects.values()), list(Grant.objects.values())) == before
    site.get(authorize_url(application, scope="openid", claims=PHONE))
    assert PHONE_WORDS in site.page.text


def test_claims_about_the_sign_in_need_no_consent_of_their_own(site, anna, application):
    site.get(authorize_url(application, scope="openid"))
    allow(site)
    claims = '{"id_token":{"auth_time":{"essential":true},"acr":null,"sub":null}}'
    fields = answered(site.get(authorize_url(application, scope="openid", claims=claims)))[1]
    assert "code" in fields


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ("{", "claims is not JSON"),
        ('{"userinfo":[]}', "claims.userinfo must be an object"),
        ('{"userinfo":{"name":null,"name":null}}', "claims names a member twice"),
        ("[" * 500, "nested deeper"),
    ],
)
def test_a_damaged_request_is_told_to_the_application(site, anna, application, claims, words):
    address, fields = answered(site.get(authorize_url(application, claims=claims)))
    assert (address, fields["error"]) == (CALLBACK, "invalid_request")
    assert words in fields["error_description"]
    assert nothing_was_given()


def essential(**members):
    return json.dumps({"id_token": {"acr": {"essential": True, **members}}})


def test_an_essential_context_beyond_the_sign_in_fails_it(site, anna, application):
    for prompt in (None, "none"):
        url = authorize_url(application, claims=essential(values=["2"]), prompt=prompt)
        assert answered(site.get(url))[1]["error"] == "unmet_authentication_requirements"
    assert nothing_was_given()


def test_an_essential_context_that_the_sign_in_meets_goes_on(site, anna, application):
    site.get(authorize_url(application, claims=essential(values=["2", "1"])))
    assert "code" in answered(allow(site))[1]
    Session.objects.update(amr=["pwd", "otp", "mfa"], second_factor_at=clock.now())
    url = authorize_url(application, claims=essential(value="2"), prompt="none")
    assert "code" in answered(site.get(url))[1]


def test_somebody_else_than_meant_has_to_choose_and_is_not_answered(
    site, anna, make_account, sign_in, application
):
    other = make_account()
    claims = json.dumps({"id_token": {"sub": {"value": other.public_id}}})
    url = authorize_url(application, claims=claims)
    assert answered(site.get(authorize_url(application, claims=claims, prompt="none")))[1][
        "error"
    ] == ("login_required")
    site.get(url)
    assert site.location.startswith("/sign-in/choose?next=")
    assert nothing_was_given()
    sign_in(site, other)
    site.get(url)
    assert other.email in site.page.text
    assert "code" in answered(allow(site))[1]
    assert Grant.objects.get().account == other


# ---- refresh tokens ------------------------------------------------------------------------------


def test_access_type_offline_asks_for_a_refresh_token(site, anna, application):
    site.get(authorize_url(application, scope="openid", access_type="offline"))
    assert OFFLINE_WORDS in site.page.text
    allow(site)
    assert Grant.objects.get().scope == "offline_access openid"
    assert Consent.objects.get().scope == "offline_access openid"


def test_access_type_online_asks_for_none(site, anna, application):
    site.get(authorize_url(application, scope="openid", access_type="online"))
    assert OFFLINE_WORDS not in site.page.text
    allow(site)
    assert Grant.objects.get().scope == "openid"


def test_a_consent_without_offline_access_does_not_cover_it(site, anna, application):
    site.get(authorize_url(application, scope="openid"))
    allow(site)
    url = authorize_url(application, scope="openid", access_type="offline", prompt="none")
    assert answered(site.get(url))[1]["error"] == "consent_required"
    assert Grant.objects.get().scope == "openid"


# ---- hints ---------------------------------------------------------------------------------------


def test_an_expired_hint_still_says_who(site, anna, make_account, application, clock):
    site.get(authorize_url(application))
    allow(site)
    hint = id_token(anna, application)
    other = id_token(make_account(), application)
    clock.move(timedelta(hours=5))
    silent = {"prompt": "none", "id_token_hint": hint}
    assert "code" in answered(site.get(authorize_url(application, **silent)))[1]
    silent["id_token_hint"] = other
    assert answered(site.get(authorize_url(application, **silent)))[1]["error"] == "login_required"


@pytest.mark.parametrize("wrong", ["text", "signature", "issuer", "audience", "unsigned"])
def test_a_hint_that_proves_nothing_is_refused(site, anna, register, application, wrong):
    good = id_token(anna, application)
    head, body, signature = good.split(".")
    hints = {
        "text": "not.a.token",
        "signature": f"{head}.{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}",
        "issuer": id_token(anna, application, iss="https://elsewhere.example"),
        "audience": id_token(anna, register(name="Another").application),
        "unsigned": f"{head}.{body}.",
    }
    for prompt in (None, "none"):
        url = authorize_url(application, id_token_hint=hints[wrong], prompt=prompt)
        address, fields = answered(site.get(url))
        assert (address, fields["error"], fields["state"]) == (CALLBACK, "invalid_request", "st-1")
        assert "id_token_hint" in fields["error_description"]
    assert nothing_was_given()


def test_the_owners_log_names_the_single_claims_that_were_given(
    site, anna, application, owner, sign_in
):
    asked = '{"userinfo": {"phone_number": null}, "id_token": {"given_name": {"value": "Anna"}}}'
    site.get(authorize_url(application, scope="openid", claims=asked))
    allow(site)
    event = ApplicationEvent.objects.get(kind="signed_in")
    assert event.detail == {"scope": "openid", "claims": "given_name phone_number"}
    owners = site.another_browser()
    sign_in(owners, owner)
    owners.get(f"/auth/applications/{application.client_id}/log")
    assert "Scopes: openid. Single claims: given_name phone_number" in owners.page.text
