"""The page of an application's security: what it changes, asks and refuses; and who may."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest
from connect.test_managing import member, page_of
from django.conf import settings

from hospes.connect.forms.security import WORDS
from hospes.connect.models import Application, ClientSecret
from hospes.connect.services import security
from hospes.connect.services.applications import (
    ChangeApplication,
    change_application,
    draft_of,
)
from hospes.connect.services.client_secrets import ReplaceSecret, replace_secret
from hospes.connect.web.security_words import PROFILES, RULES
from hospes.foundation.models import AuditEntry
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.protocols.oauth import options, profiles
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.registration import PROFILE_MEMBERS
from support.signing import key_set

KEYS = key_set("ES256")
STRICT = {
    "profile": "fapi2",
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks": KEYS,
    "dpop_bound_access_tokens": "on",
    "confirmed": "on",
}


@pytest.fixture
def owners(site, owner, sign_in):
    sign_in(site, owner)
    return site


@pytest.fixture
def change(owners, application):
    """Return a function that sends the page's form with these changes."""

    def sent(**fields):
        owners.get(page_of(application, "/security"))
        return owners.submit(fields, button="Save")

    return sent


def held(application):
    application.refresh_from_db()
    return options.read(application.options)


def living(application):
    return ClientSecret.objects.filter(application=application, expires_at=None).count()


def test_saving_it_as_it_is_changes_nothing(change, application):
    before = Application.objects.values().get(pk=application.pk)
    assert change().status_code == 302
    assert Application.objects.values().get(pk=application.pk) == before
    assert not AuditEntry.objects.filter(action="connect.security_changed").exists()


def test_a_key_in_place_of_the_secret_is_asked_about_and_ends_the_secret(
    change, owners, application
):
    chosen = {"token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS}
    assert change(**chosen).status_code == 422
    assert "Every client secret of the application ends at once." in owners.page.text
    assert (held(application), living(application)) == (options.NONE, 1)
    assert owners.submit({**chosen, "confirmed": "on"}, button="Save").status_code == 302
    found = held(application)
    assert found.token_endpoint_auth_method == "private_key_jwt"
    assert json.loads(found.jwks) == json.loads(KEYS)
    assert living(application) == 0
    entry = AuditEntry.objects.get(action="connect.security_changed")
    assert entry.detail["changed"] == ["jwks", "token_endpoint_auth_method"]
    owners.follow()
    assert "Client secret" not in [each.text for each in owners.page.all("h2")]
    assert owners.get(page_of(application, "/secret")).status_code == 404


def test_back_to_the_secret_shows_a_new_one_once(change, owners, application):
    change(token_endpoint_auth_method="private_key_jwt", jwks=KEYS, confirmed="on")
    response = change(token_endpoint_auth_method="secret", jwks="")
    assert response.status_code == 200
    assert "no-store" in response.headers["cache-control"]
    secret = owners.page.all("span", class_="kept__value")[1].text
    assert secret.startswith("hsp_cs_")
    assert living(application) == 1
    assert held(application) == options.NONE
    owners.get(page_of(application, "/security"))
    assert secret not in owners.page.html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"token_endpoint_auth_method": "private_key_jwt"}, "Paste the public keys"),
        ({"jwks": "no json"}, "This is no key set."),
        ({"jwks": '{"keys": [{"kty": "oct", "k": "AA"}]}'}, "This key set cannot be accepted."),
        ({"jwks": '{"keys": []}'}, "no key of a kind"),
        ({"jwks": KEYS, "jwks_uri": "https://shop.example/k"}, "not both"),
        ({"jwks_uri": "http://169.254.169.254/latest"}, "Use https"),
        ({"jwks_uri": "https://shop.example:8443/k"}, "its usual port"),
        ({"token_endpoint_auth_method": "none"}, "An application of this type has to prove"),
        ({"token_endpoint_auth_method": "tls_client_auth"}, "Choose one of these."),
        ({"token_endpoint_auth_signing_alg": "none"}, "Choose one of these."),
        ({"profile": "mine"}, "Choose one of the profiles."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_changes_nothing(
    change, owners, application, fields, words
):
    assert change(**fields).status_code == 422
    assert words in owners.page.text
    assert (held(application), living(application)) == (options.NONE, 1)


def test_all_faults_are_told_at_once(change, owners):
    change(jwks="x", jwks_uri="http://b.example/", token_endpoint_auth_signing_alg="HS256")
    for words in ("This is no key set.", "Use https", "Choose one of these."):
        assert words in owners.page.text


def test_tokens_in_its_own_name_are_a_grant_beside_the_others(change, application):
    Application.objects.update(
        options=options.write(ClientOptions(backchannel_logout_uri="https://shop.example/out"))
    )
    assert change(machine="on").status_code == 302
    assert held(application).further_grant_types == ("client_credentials",)
    assert held(application).backchannel_logout_uri == "https://shop.example/out"
    assert change(machine=None).status_code == 302
    assert held(application).further_grant_types == ()


def test_the_strict_profile_names_what_is_open_and_holds_once_all_is_set(
    change, owners, application
):
    assert change(profile="fapi2").status_code == 422
    for words in ("a key or a certificate instead of the secret", "bound to a key", "RS256"):
        assert words in owners.page.text
    assert held(application) == options.NONE
    Application.objects.update(id_token_alg="ES256")
    assert change(**STRICT).status_code == 302
    assert held(application).profile == "fapi2"
    owners.follow()
    assert "FAPI 2.0" in owners.page.text
    assert not owners.page.all("li", class_="checklist__row--open")


@pytest.mark.parametrize(
    "fields",
    [
        {"id_token_alg": "RS256"},
        {"redirect_uris": ["http://127.0.0.1:3000/cb"]},
    ],
)
def test_the_other_page_cannot_break_the_strict_profile(change, owners, application, fields):
    Application.objects.update(id_token_alg="ES256")
    change(**STRICT)
    owners.get(page_of(application, "/edit"))
    before = Application.objects.values().get(), list(application.redirect_uris.values())
    assert owners.submit(fields, button="Save").status_code == 422
    assert before == (Application.objects.values().get(), list(application.redirect_uris.values()))


def test_every_rule_that_can_be_broken_stands_in_a_checklist_and_has_words():
    listed = {code for codes in profiles.CHECKLISTS.values() for code in codes}
    assert listed == set(RULES)
    assert set(profiles.TEXTS) == set(PROFILE_MEMBERS) == {c for c in RULES if RULES[c][1]}
    assert {value for value, _label, _text in PROFILES} == set(profiles.PROFILES)
    assert {("", f"profile_{code}") for code in profiles.TEXTS} <= set(WORDS)


def test_certificates_are_offered_where_a_proxy_hands_them_on(owners, application, monkeypatch):
    owners.get(page_of(application, "/security"))
    assert "With a certificate" not in owners.page.text
    told = dataclasses.replace(settings.HOSPES, certificate_header="Client-Cert")
    monkeypatch.setattr(settings, "HOSPES", told)
    owners.get(page_of(application, "/security"))
    assert "With a certificate that it made itself" in owners.page.text
    assert "of an authority that the provider knows" not in owners.page.text


def test_a_mobile_application_may_have_a_key_and_no_secret(owners, register):
    mobile = register(type="mobile", redirect_uris=("com.example.app:/cb",)).application
    owners.get(page_of(mobile, "/security"))
    assert "With its client secret" not in owners.page.text
    chosen = {"token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS}
    assert owners.submit(chosen, button="Save").status_code == 302
    assert held(mobile).token_endpoint_auth_method == "private_key_jwt"
    assert not ClientSecret.objects.exists()
    owners.get(page_of(mobile, "/security"))
    assert owners.submit({"token_endpoint_auth_method": "none"}, button="Save").status_code == 302
    assert held(mobile).token_endpoint_auth_method in {"", "none"}


def test_a_secret_that_is_replaced_at_the_same_time_is_not_left_over(application, owner):
    stale = Application.objects.get(pk=application.pk)
    security.change_security(
        security.ChangeSecurity(
            application,
            "default",
            {"token_endpoint_auth_method": "private_key_jwt", "jwks": json.loads(KEYS)},
            confirmed=True,
        ),
        acting_account=owner,
        origin=SYSTEM,
    )
    with pytest.raises(Refused):
        replace_secret(
            ReplaceSecret(stale, keep_old=True, form_key="k" * 40),
            acting_account=owner,
            origin=SYSTEM,
        )
    assert living(application) == 0


@pytest.fixture
def intruder(site, owner, make_account, sign_in):
    """Return a function that signs in a member with that role, or a stranger."""
    return lambda role: sign_in(site, member(make_account, owner, role) if role else make_account())


@pytest.mark.parametrize(("role", "status"), [("normal", 403), ("client", 403), (None, 404)])
def test_nobody_else_may(site, application, intruder, role, status):
    intruder(role)
    before = Application.objects.values().get(), list(ClientSecret.objects.values())
    path = page_of(application, "/security")
    assert site.get(path).status_code == status
    fields = {**STRICT, "profile": "default"}
    assert site.post(path, fields).status_code == status
    assert before == (Application.objects.values().get(), list(ClientSecret.objects.values()))


def test_it_asks_for_the_password_after_a_while(owners, application, clock):
    clock.move(timedelta(hours=2))
    owners.get(page_of(application, "/security"))
    assert "/sign-in/confirm" in owners.location


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(application, owner):
    stale, other = (Application.objects.get(pk=application.pk) for _ in range(2))
    for each, refused in ((other, False), (stale, True)):
        command = security.ChangeSecurity(each, "oauth21", {"dpop_bound_access_tokens": refused})
        if refused:
            with pytest.raises(Refused):
                security.change_security(command, acting_account=owner, origin=SYSTEM)
        else:
            security.change_security(command, acting_account=owner, origin=SYSTEM)
    assert held(application) == ClientOptions(profile="oauth21")


def test_the_form_of_addresses_keeps_a_security_that_was_changed_meanwhile(application, owner):
    stale = Application.objects.get(pk=application.pk)
    Application.objects.update(options=options.write(ClientOptions(profile="oauth21")))
    draft = dataclasses.replace(draft_of(stale), name="Another name")
    change_application(ChangeApplication(stale, draft), acting_account=owner, origin=SYSTEM)
    assert held(application).profile == "oauth21"
