"""Two factors asked for by an application: RFC 9470, and acr in OpenID Connect Core."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from hospes.connect.models import AuthorizationCode, Consent, Grant
from hospes.identity.models import Account, Session, SignInStep
from hospes.identity.services import sessions
from support import people, two_step
from support.authorizing import CALLBACK, VERIFIER, answered, authorize_url
from support.people import PASSWORD
from support.two_step import App, pass_step

ESSENTIAL = json.dumps({"id_token": {"acr": {"essential": True, "values": ["2"]}}})


@pytest.fixture
def registered(register):
    return register(redirect_uris=(CALLBACK,))


@pytest.fixture
def application(registered):
    return registered.application


@pytest.fixture
def person(application):
    """Return somebody with two-step verification who has allowed the application before."""
    account = two_step.make_account("anna@customer.example")
    allow(account, application)
    return account


def allow(account, application):
    from hospes.foundation import clock

    Consent.objects.create(
        account=account,
        application=application,
        scope="openid profile email",
        granted_at=clock.timestamp(),
    )


def code_given(site):
    where, told = answered(site.response)
    assert where == CALLBACK
    assert "code" in told, told
    return Grant.objects.order_by("-pk").first()


def error_told(site):
    where, told = answered(site.response)
    assert where == CALLBACK
    assert "code" not in told
    return told["error"]


def nothing_given():
    assert not AuthorizationCode.objects.exists()
    assert not Grant.objects.exists()


def test_two_factors_are_asked_of_who_has_proved_one(site, person, application):
    people.sign_in(site, person)
    url = authorize_url(application, acr_values="2")
    site.get(url)
    assert site.location == "/sign-in/verify"
    nothing_given()
    step = SignInStep.objects.get()
    assert step.session == Session.objects.get()
    assert step.application_name == application.name
    site.follow()
    assert application.name in site.page.text
    # Nothing to trust: this is about the factor, not about the browser.
    assert "on this browser" not in site.page.text
    pass_step(site)
    site.follow()
    grant = code_given(site)
    assert grant.amr == "mfa otp pwd"
    assert grant.session == Session.objects.get()


def test_without_the_wish_nobody_is_asked_for_more(site, person, application):
    people.sign_in(site, person)
    site.get(authorize_url(application))
    assert code_given(site).amr == "pwd"


def test_who_has_proved_both_is_not_asked(site, person, application, clock):
    people.sign_in(site, person, amr=("mfa", "otp", "pwd"))
    clock.move(timedelta(days=3))
    site.get(authorize_url(application, acr_values="2"))
    assert code_given(site).amr == "mfa otp pwd"


@pytest.mark.parametrize("acr_values", ["1", "1 2", "urn:example:unknown", ""])
def test_one_factor_is_enough_where_two_are_not_wanted_first(site, person, application, acr_values):
    people.sign_in(site, person)
    site.get(authorize_url(application, acr_values=acr_values))
    assert code_given(site).amr == "pwd"


@pytest.mark.parametrize("claims", ["{", "[]", '{"id_token": {"acr": {"values": "2"}}}'])
def test_a_damaged_claims_parameter_asks_for_nothing_more(site, person, application, claims):
    people.sign_in(site, person)
    site.get(authorize_url(application, claims=claims))
    assert not SignInStep.objects.exists()


def test_max_age_asks_for_a_fresh_second_factor(site, person, application, clock):
    people.sign_in(site, person, amr=("mfa", "otp", "pwd"))
    clock.move(timedelta(minutes=10))
    # The password is fresh again, the second factor is not.
    sessions.confirm_session(Session.objects.get())
    from hospes.identity.models import Browser

    assert Browser.objects.count() == 1
    session = Session.objects.get()
    site.set_cookie("__Host-browser", sessions.confirm_session(session))
    site.get(authorize_url(application, acr_values="2", max_age="60"))
    assert site.location == "/sign-in/verify"
    nothing_given()
    site.follow()
    pass_step(site)
    site.follow()
    assert code_given(site).amr == "mfa otp pwd"


def test_an_old_second_factor_is_not_told_as_a_new_one(site, person, application, clock):
    """``auth_time`` is now and ``amr`` must be of now: no factor of ten minutes ago in it."""
    people.sign_in(site, person, amr=("mfa", "otp", "pwd"))
    clock.move(timedelta(minutes=10))
    site.set_cookie("__Host-browser", sessions.confirm_session(Session.objects.get()))
    site.get(authorize_url(application, max_age="60"))
    assert code_given(site).amr == "pwd"


def test_prompt_login_with_two_factors_asks_for_both_again(site, person, application, clock):
    people.sign_in(site, person, amr=("mfa", "otp", "pwd"))
    clock.move(timedelta(minutes=1))
    site.get(authorize_url(application, acr_values="2", prompt="login"))
    assert site.location.startswith("/sign-in/confirm?")
    site.follow()
    site.submit({"password": PASSWORD})
    site.follow()
    assert site.url == "/sign-in/verify"
    nothing_given()
    pass_step(site)
    site.follow()
    assert code_given(site).amr == "mfa otp pwd"


def test_prompt_login_without_the_wish_tells_of_the_password_alone(
    site, person, application, clock
):
    people.sign_in(site, person, amr=("mfa", "otp", "pwd"))
    clock.move(timedelta(minutes=1))
    site.get(authorize_url(application, prompt="login"))
    site.follow()
    site.submit({"password": PASSWORD})
    site.follow()
    assert code_given(site).amr == "pwd"


def test_somebody_signed_out_proves_both_at_once(site, person, application):
    site.get(authorize_url(application, acr_values="2"), follow=True)
    site.submit({"email": person.email, "password": PASSWORD})
    assert site.location == "/sign-in/verify"
    pass_step(site)
    site.follow()
    assert code_given(site).amr == "mfa otp pwd"
    assert SignInStep.objects.count() == 1


def test_on_a_trusted_browser_the_second_factor_is_asked_for_the_application(
    site, person, application
):
    from hospes.identity.services.two_step import trusted
    from hospes.kit.origin import SYSTEM

    session = people.sign_in(site, person)
    trusted.trust(person, session.browser, origin=SYSTEM)
    site.post("/sign-out", {"all": "1"})
    site.get(authorize_url(application, acr_values="2"), follow=True)
    site.submit({"email": person.email, "password": PASSWORD})
    assert site.location.startswith("/authorize?")
    site.follow()
    assert site.url == "/sign-in/verify"
    nothing_given()


def tokens_for(site, registered):
    """Exchange the code that was just given."""
    application = registered.application
    form = {
        "grant_type": "authorization_code",
        "code": answered(site.response)[1]["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    proof = (application.client_id, registered.secret)
    answer = site.client.post("/token", data=form, auth=proof).json()
    asked = {"token": answer["access_token"]}
    told = site.client.post("/oauth2/introspect", data=asked, auth=proof).json()
    return claims_of(answer["id_token"]), told


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_tokens_tell_the_truth_and_resources_can_ask_for_more(site, person, registered, clock):
    """RFC 9470 §6: a resource sees level and moment, refuses, and gets a token that reaches it."""
    session = people.sign_in(site, person)
    site.get(authorize_url(registered.application))
    first, introspected = tokens_for(site, registered)
    assert (first["acr"], first["amr"]) == ("1", ["pwd"])
    assert introspected["acr"] == "1"
    assert introspected["auth_time"] == first["auth_time"]

    clock.move(timedelta(minutes=5))
    site.get(authorize_url(registered.application, acr_values="2"), follow=True)
    pass_step(site)
    site.follow()
    second, introspected = tokens_for(site, registered)
    assert (second["acr"], second["amr"]) == ("2", ["mfa", "otp", "pwd"])
    # The password is as old as it was.
    assert second["auth_time"] == first["auth_time"]
    assert introspected["acr"] == "2"
    session.refresh_from_db()
    assert int(session.authenticated_at.timestamp()) == second["auth_time"]


# ---- an account that cannot -------------------------------------------------------------------


@pytest.fixture
def plain(application, make_account):
    account = make_account("plain@customer.example")
    allow(account, application)
    return account


def test_who_has_no_second_factor_goes_on_with_one_where_it_is_a_wish(site, plain, application):
    people.sign_in(site, plain)
    site.get(authorize_url(application, acr_values="2"))
    assert code_given(site).amr == "pwd"


def test_who_has_no_second_factor_is_refused_where_it_is_essential(site, plain, application):
    people.sign_in(site, plain)
    site.get(authorize_url(application, claims=ESSENTIAL))
    assert error_told(site) == "unmet_authentication_requirements"
    nothing_given()


def test_a_level_nobody_knows_is_refused_at_once(site, plain, application):
    people.sign_in(site, plain)
    unknown = json.dumps({"id_token": {"acr": {"essential": True, "value": "urn:example:3"}}})
    site.get(authorize_url(application, claims=unknown))
    assert error_told(site) == "unmet_authentication_requirements"
    nothing_given()


def test_who_can_is_asked_where_it_is_essential(site, person, application):
    people.sign_in(site, person)
    site.get(authorize_url(application, claims=ESSENTIAL))
    assert site.location == "/sign-in/verify"
    site.follow()
    pass_step(site)
    site.follow()
    assert code_given(site).amr == "mfa otp pwd"


@pytest.mark.parametrize("wish", [{"acr_values": "2"}, {"claims": ESSENTIAL}])
def test_no_page_is_shown_with_prompt_none(site, person, application, wish):
    people.sign_in(site, person)
    site.get(authorize_url(application, prompt="none", **wish))
    assert error_told(site) == "interaction_required"
    nothing_given()
    assert not SignInStep.objects.exists()


def test_consent_is_not_asked_of_who_cannot_reach_the_level(site, plain, application):
    Consent.objects.all().delete()
    people.sign_in(site, plain)
    site.get(authorize_url(application, claims=ESSENTIAL))
    assert error_told(site) == "unmet_authentication_requirements"


def test_giving_up_leaves_the_session_as_it_was(site, person, application):
    session = people.sign_in(site, person)
    site.get(authorize_url(application, acr_values="2"), follow=True)
    site.submit(button="Cancel")
    site.follow()
    assert error_told(site) == "access_denied"
    session.refresh_from_db()
    assert (session.amr, session.second_factor_at) == (["pwd"], None)
    nothing_given()


def test_who_gave_up_may_come_back_and_prove_it(site, person, application):
    people.sign_in(site, person)
    url = authorize_url(application, acr_values="2")
    site.get(url, follow=True)
    site.submit(button="Cancel")
    given_up = site.location
    # The address of giving up is no more than that: with the factor proved it gives a code.
    site.get(url, follow=True)
    pass_step(site)
    site.get(given_up)
    assert code_given(site).amr == "mfa otp pwd"


def test_an_application_cannot_make_somebody_give_up(site, person, application):
    people.sign_in(site, person)
    site.get(authorize_url(application, acr_values="2", hospes_progress="gave_up"))
    assert site.location == "/sign-in/verify"


def test_a_session_that_proves_less_by_now_gets_no_code(site, person, application):
    """Between the decision and the code the account signs in again with the password alone."""
    from hospes.connect.services.authorization import Authorize, issue_code
    from hospes.foundation.errors import NotFound
    from hospes.kit.origin import SYSTEM

    session = people.sign_in(site, person, amr=("mfa", "otp", "pwd"))
    asked = Authorize(
        application=application,
        scopes=frozenset({"openid"}),
        redirect_uri=CALLBACK,
        code_challenge="",
        nonce="",
        consented_now=False,
        disclosed=frozenset({"openid"}),
        second_factor_at=session.second_factor_at,
        needs_second_factor=True,
    )
    issue_code(asked, session=session, origin=SYSTEM)
    sessions.open_session(person, session.browser, origin=SYSTEM, amr=("pwd",))
    with pytest.raises(NotFound):
        issue_code(asked, session=session, origin=SYSTEM)
    assert Grant.objects.count() == 1


def test_the_policy_of_the_page_lets_its_form_lead_to_the_application(site, person, application):
    people.sign_in(site, person)
    site.get(authorize_url(application, acr_values="2"), follow=True)
    policy = site.response.headers["Content-Security-Policy"]
    assert "form-action 'self' https://shop.example" in policy


def test_the_name_of_the_application_stands_on_the_page(site, person, application):
    site.get(authorize_url(application), follow=True)
    site.submit({"email": person.email, "password": PASSWORD}, follow=True)
    assert f"You are signing in to {application.name}." in site.page.text
    assert App().code() not in site.page.text
    assert parse_qs(urlsplit(site.url).query) == {}
    assert Account.objects.get(pk=person.pk).last_sign_in_at is None
