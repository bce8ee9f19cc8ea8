"""When the phone is asked, and when it is asked no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from two_step.push.waiting import begin, change, code_of

from hospes.identity.models import Account, Challenge, Session
from hospes.identity.services.two_step import steps
from hospes.identity.web import presence
from hospes.kit.origin import Origin
from support import two_step
from support.people import sign_in
from support.phones import Phone, give_phone
from support.site import Site

if TYPE_CHECKING:
    from support.moving import Clock


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


@pytest.fixture
def phone(account: Account) -> Phone:
    return give_phone(account)


def test_without_a_right_password_no_phone_is_asked(
    site: Site, account: Account, phone: Phone
) -> None:
    two_step.enter(site, account.email, "a wrong guess entirely 77")
    site.get("/sign-in/verify?way=authenticator")
    assert site.location == "/sign-in"
    site.post("/sign-in/verify/push", {"again": "1"})
    assert site.location == "/sign-in"
    assert not Challenge.objects.exists()
    assert phone.challenge() is None


def test_looking_at_the_page_again_asks_no_second_time(
    site: Site, account: Account, phone: Phone
) -> None:
    asked = begin(site, account)
    for _ in range(3):
        site.get("/sign-in/verify")
        assert asked.number in site.page.text
    site.request("HEAD", "/sign-in/verify")
    assert Challenge.objects.count() == 1


def test_asking_again_takes_the_first_question_back(
    site: Site, account: Account, phone: Phone
) -> None:
    first = begin(site, account)
    old = phone.challenge()
    assert old is not None
    site.submit({}, action="/sign-in/verify/push", button="Ask again", follow=True)
    second = Challenge.objects.latest("pk")
    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "open")
    new = phone.challenge()
    assert new is not None
    assert new["uuid"] == second.public_id
    late = phone.approve(old, first.number)
    assert (late.status_code, code_of(late)) == (404, "already_processed")
    assert phone.approve(new, second.number).status_code == 200


def test_after_three_refusals_only_other_ways_are_left(
    site: Site, account: Account, phone: Phone, clock: Clock
) -> None:
    for _ in range(3):
        attacker = Site(ip="198.51.100.7")
        begin(attacker, account)
        found = phone.challenge()
        assert found is not None
        assert phone.refuse(found).status_code == 200
    two_step.enter(site, account.email)
    site.follow()
    assert "For now please use another way." in site.page.text
    assert "10 minutes" in site.page.text
    site.post("/sign-in/verify/push", {"again": "1"}, follow=True)
    assert "For now please use another way." in site.page.text
    assert Challenge.objects.count() == 3
    assert phone.challenge() is None
    clock.move(timedelta(minutes=10, seconds=1))
    two_step.enter(site, account.email)
    site.follow()
    assert Challenge.objects.count() == 4
    assert phone.challenge() is not None


def test_what_nobody_answers_counts_like_a_refusal_also_when_it_is_given_up(
    site: Site, account: Account, phone: Phone
) -> None:
    for _ in range(3):
        begin(site, account)
        site.post("/sign-in/verify/cancel")
    two_step.enter(site, account.email)
    site.follow()
    assert "For now please use another way." in site.page.text
    assert Challenge.objects.count() == 3


def test_what_was_approved_does_not_count(site: Site, account: Account, phone: Phone) -> None:
    for _ in range(5):
        browser = Site()
        asked = begin(browser, account)
        found = phone.challenge()
        assert found is not None
        assert phone.approve(found, asked.number).status_code == 200
        browser.post("/sign-in/verify/push")
    assert Session.objects.count() == 5


def test_the_provider_sets_limit_and_window(
    site: Site, account: Account, phone: Phone, clock: Clock
) -> None:
    change("identity.push_open_refusals", 1)
    change("identity.push_refusals_window_minutes", 30)
    begin(site, account)
    clock.move(timedelta(minutes=11))
    two_step.enter(site, account.email)
    site.follow()
    assert "For now please use another way." in site.page.text
    assert "19 minutes" in site.page.text


def test_one_accounts_refusals_are_not_anothers(
    site: Site, account: Account, phone: Phone, make_account: Any
) -> None:
    change("identity.push_open_refusals", 1)
    begin(site, account)
    other = make_account()
    give_phone(other)
    begin(Site(), other)
    assert Challenge.objects.filter(account=other).count() == 1


# ---- what befell others ------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before the answer", "after the answer"])
def test_cve_2026_9798_an_approval_does_not_outlive_the_lock(
    site: Site, account: Account, phone: Phone, when: str
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    if when == "after the answer":
        assert phone.approve(found, asked.number).status_code == 200
    Account.objects.update(state=Account.State.LOCKED)
    if when == "before the answer":
        answer = phone.approve(found, asked.number)
        assert (answer.status_code, code_of(answer)) == (401, "not_authorized")
        asked.refresh_from_db()
        assert asked.state == "open"
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()
    # Nor when the lock is gone again: the sign-in is begun anew.
    Account.objects.update(state=Account.State.ACTIVE, password_changed_at=asked.expires_at)
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()


def test_keycloak_mfa_plugins_428_a_tap_on_a_flood_of_requests_opens_nothing(
    account: Account, phone: Phone
) -> None:
    """Whoever only taps YES, tired of being asked, lets nobody in and is not asked much longer."""
    for _ in range(10):
        attacker = Site(ip="198.51.100.7")
        two_step.enter(attacker, account.email)
        attacker.follow()
        found = phone.challenge()
        if found is None:
            break
        assert phone.approve(found).status_code == 422
        assert phone.approve(found, "00").status_code == 422
        attacker.post("/sign-in/verify/push")
    assert Challenge.objects.count() == 3
    assert not Session.objects.exists()


def test_a_page_that_sends_a_signed_in_person_to_the_step_does_not_make_the_phone_ring(
    site: Site, account: Account
) -> None:
    give_phone(account)
    session = sign_in(site, account)
    _step, token = steps.begin_again(
        session, continue_to="/", application_name="Shop", origin=Origin(ip="", user_agent="")
    )
    site.set_cookie(presence.STEP_COOKIE, token)
    site.get("/sign-in/verify")
    assert "Ask the phone" in site.page.text
    assert Challenge.objects.count() == 0
    site.submit({}, button="Ask the phone")
    assert Challenge.objects.count() == 1
