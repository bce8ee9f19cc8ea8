"""A passkey as the second step, and in the place of the password before sensitive things."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Method, Session, SignInStep, TrustedBrowser
from hospes.identity.services.two_step import steps
from hospes.kit.origin import SYSTEM
from support import passkeys, people, two_step
from support.passkeys import ADD, CONFIRM, VERIFY, Authenticator, ask, send
from support.two_step import enter


@pytest.fixture
def account():
    return people.make_account("anna@customer.example")


@pytest.fixture
def own(site, account):
    return add_passkey(site, account)


def add_passkey(site, account):
    authenticator = Authenticator()
    here = site.another_browser()
    people.sign_in(here, account)
    assert passkeys.add(here, authenticator).status_code == 200
    Session.objects.filter(account=account).delete()
    return authenticator


def at_step(site, account):
    enter(site, account.email, url="/sign-in?next=/settings/profile")
    assert site.location == "/sign-in/verify"
    site.follow()
    assert "Use your passkey" in site.page.text


def test_it_finishes_the_step(site, account, own):
    at_step(site, account)
    options = ask(site, f"{VERIFY}/options")
    assert [item["id"] for item in options["allowCredentials"]] == [
        passkeys.encode(own.credentials[0].credential_id)
    ]
    response = send(site, VERIFY, own.get(options), trust="1")
    assert (response.status_code, site.location) == (302, "/settings/profile")
    session = Session.objects.get()
    assert session.amr == ["hwk", "mfa", "pwd", "user"]
    assert session.second_factor_at is not None
    assert Method.objects.get().last_used_at is not None
    assert TrustedBrowser.objects.count() == 1


def test_one_without_user_verification_is_enough_beside_the_password(site, account, own):
    own.verifies = False
    at_step(site, account)
    send(site, VERIFY, own.get(ask(site, f"{VERIFY}/options")))
    assert Session.objects.get().amr == ["hwk", "mfa", "pwd"]


def test_the_user_handle_may_be_missing_there_but_not_be_another(site, account, own, make_account):
    at_step(site, account)
    answer = own.get(ask(site, f"{VERIFY}/options"))
    answer["response"]["userHandle"] = passkeys.encode(make_account().public_id.encode())
    assert send(site, VERIFY, answer).status_code == 422
    assert not Session.objects.exists()
    answer = own.get(ask(site, f"{VERIFY}/options"))
    del answer["response"]["userHandle"]
    assert send(site, VERIFY, answer).status_code == 302
    assert Session.objects.count() == 1


def test_the_passkey_of_another_account_is_refused(site, account, own, make_account):
    theirs = add_passkey(site, make_account())
    at_step(site, account)
    response = send(site, VERIFY, theirs.get(ask(site, f"{VERIFY}/options")))
    assert response.status_code == 422
    assert "does not belong to this account" in site.page.text
    assert not Session.objects.exists()
    assert SignInStep.objects.get().finished_at is None
    assert AuditEntry.objects.get(action="identity.passkey_refused").detail == {
        "reason": "other_account"
    }


def test_an_answer_given_for_signing_in_is_none_for_the_step(site, account, own):
    at_step(site, account)
    answer = own.get(ask(site, "/sign-in/passkey/options"))
    assert send(site, VERIFY, answer).status_code == 422
    answer = own.get(ask(site, f"{VERIFY}/options"))
    send(site, "/sign-in/passkey", answer)
    assert not Session.objects.exists()


def test_without_a_step_there_is_nothing_to_answer(site, account, own):
    assert site.post(f"{VERIFY}/options").status_code == 410
    assert send(site, VERIFY, "{}").status_code == 302
    assert not Session.objects.exists()


def test_one_removed_meanwhile_is_refused(site, account, own):
    two_step.add_method(account)
    at_step(site, account)
    answer = own.get(ask(site, f"{VERIFY}/options"))
    Method.objects.filter(kind="passkey").update(removed_at=account.created_at, is_default=False)
    assert send(site, VERIFY, answer).status_code == 422
    assert not Session.objects.exists()


def test_after_ten_refusals_there_is_a_pause_for_passkeys_only(site, account, own, clock):
    two_step.add_method(account)
    at_step(site, account)
    for _ in range(10):
        answer = own.get(ask(site, f"{VERIFY}/options"), crossOrigin=True)
        assert send(site, VERIFY, answer).status_code == 422
    assert send(site, VERIFY, own.get(ask(site, f"{VERIFY}/options"))).status_code == 429
    assert not Session.objects.exists()
    site.get("/sign-in/verify?way=code")
    assert two_step.pass_step(site).status_code == 302
    assert Session.objects.count() == 1


def test_a_step_up_marks_the_session(site, account, own, sign_in):
    session = sign_in(site, account)
    _, token = steps.begin_again(
        session, continue_to="/settings/profile", application_name="", origin=SYSTEM
    )
    site.client.cookies.set("__Host-step", token, domain="hospes.test", path="/")
    assert Session.objects.get().second_factor_at is None
    response = send(site, VERIFY, own.get(ask(site, f"{VERIFY}/options")))
    assert (response.status_code, site.location) == (302, "/settings/profile")
    assert Session.objects.get().second_factor_at is not None
    assert site.get("/settings/profile").status_code == 200


# ---- confirming ------------------------------------------------------------------------------


@pytest.fixture
def confirming(site, account, own, sign_in, clock):
    sign_in(site, account, amr=("pwd", "otp", "mfa"))
    clock.move(timedelta(hours=2))
    site.get(f"{ADD}")
    assert site.location.startswith("/sign-in/confirm")
    site.follow()
    assert "Confirm with a passkey" in site.response.text
    return site


def test_it_stands_for_the_password(confirming, own):
    before = Session.objects.get()
    options = ask(confirming, f"{CONFIRM}/options")
    assert options["userVerification"] == "required"
    response = send(confirming, CONFIRM, own.get(options), next=ADD)
    assert (response.status_code, confirming.location) == (302, ADD)
    after = Session.objects.get()
    assert after.authenticated_at > before.authenticated_at
    assert after.second_factor_at > before.second_factor_at
    assert set(after.amr) == {"hwk", "mfa", "otp", "pwd", "user"}
    assert AuditEntry.objects.filter(action="identity.passkey_confirmed").count() == 1
    assert confirming.get(ADD).status_code == 200


def test_without_user_verification_it_does_not(confirming, own):
    own.verifies = False
    send(confirming, CONFIRM, own.get(ask(confirming, f"{CONFIRM}/options")), next=ADD)
    assert confirming.location.startswith("/sign-in/confirm")
    assert confirming.get(ADD).status_code == 302


def test_another_account_s_does_not(confirming, own, make_account):
    theirs = add_passkey(confirming, make_account())
    before = Session.objects.get()
    send(confirming, CONFIRM, theirs.get(ask(confirming, f"{CONFIRM}/options")))
    assert confirming.location.startswith("/sign-in/confirm")
    after = Session.objects.get()
    assert (after.authenticated_at, after.second_factor_at, after.amr) == (
        before.authenticated_at,
        before.second_factor_at,
        before.amr,
    )


def test_an_answer_for_the_second_step_does_not(confirming, own):
    session = Session.objects.get()
    _, token = steps.begin_again(session, continue_to="/", application_name="", origin=SYSTEM)
    confirming.client.cookies.set("__Host-step", token, domain="hospes.test", path="/")
    answer = own.get(ask(confirming, f"{VERIFY}/options"))
    send(confirming, CONFIRM, answer, next=ADD)
    assert confirming.location.startswith("/sign-in/confirm")
    assert Session.objects.get().authenticated_at == session.authenticated_at
    assert send(confirming, VERIFY, answer).status_code == 302
    assert Session.objects.get().second_factor_at > session.second_factor_at


def test_nobody_signed_in_confirms_nothing(site, account, own):
    assert site.post(f"{CONFIRM}/options").status_code == 302
    assert send(site, CONFIRM, "{}").status_code == 302
    assert site.location.startswith("/sign-in?")


def test_without_a_passkey_none_is_offered(site, account, sign_in):
    sign_in(site, account)
    site.get("/sign-in/confirm")
    assert "Confirm with a passkey" not in site.response.text
