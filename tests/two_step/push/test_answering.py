"""A sign-in that waits for a phone: over the whole stack, with a phone of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from two_step.push.waiting import begin, change, code_of, state

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Challenge, Session, SignInStep
from support import two_step
from support.phones import Phone, give_phone, random_uuid, remove, row_of
from support.site import Site

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from support.mailbox import Mailbox
    from support.moving import Clock


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


@pytest.fixture
def phone(account: Account) -> Phone:
    return give_phone(account)


def test_yes_on_the_phone_signs_in(site: Site, account: Account, phone: Phone) -> None:
    assert phone.challenge() is None
    asked = begin(site, account)
    assert asked.number in site.page.text
    assert not Session.objects.exists()
    found = phone.challenge()
    assert found is not None
    assert found["number_required"] is True
    assert found["browser"] == "Firefox on Linux"
    assert found["device"] == {"name": "Firefox on Linux", "type": "computer"}
    assert found["account"] == {"id": account.public_id, "email": account.email}
    assert found["expires_at"] - found["created_at"] == 300
    assert set(found) & {"number", "wrong_numbers", "state"} == set()
    assert state(site)["state"] == "open"
    assert 290 < state(site)["expires_in"] <= 300

    answer = phone.approve(found, asked.number)
    assert (answer.status_code, answer.json()) == (200, {"result": "success", "data": True})
    assert state(site)["state"] == "approved"
    assert not Session.objects.exists()

    site.submit({}, action="/sign-in/verify/push", button="approved", follow=True)
    session = Session.objects.get()
    assert session.amr == ["mfa", "pwd", "swk"]
    assert session.second_factor_at is not None
    asked.refresh_from_db()
    assert asked.spent_at is not None
    assert row_of(phone).method.last_used_at is not None
    assert state(site)["state"] == "gone"
    assert phone.challenge() is None


def test_a_plain_yes_where_the_provider_asks_no_number(
    site: Site, account: Account, phone: Phone
) -> None:
    change("identity.push_number_matching", 0)
    asked = begin(site, account)
    assert asked.number == ""
    found = phone.challenge()
    assert found is not None
    assert found["number_required"] is False
    assert phone.approve(found).status_code == 200
    site.submit({}, action="/sign-in/verify/push", follow=True)
    assert Session.objects.count() == 1


def test_another_browser_with_the_approval_gets_nothing(
    site: Site, account: Account, phone: Phone
) -> None:
    asked = begin(site, account)
    other = Site(ip="198.51.100.9")
    found = phone.challenge()
    assert found is not None
    assert phone.approve(found, asked.number).status_code == 200
    other.get("/sign-in")
    other.post("/sign-in/verify/push")
    assert other.location == "/sign-in"
    # The same account's other sign-in has a step of its own; this approval is not for it.
    second = begin(other, account)
    assert second.pk != asked.pk
    other.post("/sign-in/verify/push")
    assert not Session.objects.exists()
    asked.refresh_from_db()
    assert asked.spent_at is None
    site.post("/sign-in/verify/push", follow=True)
    assert Session.objects.count() == 1


def test_an_approval_opens_one_door_once(site: Site, account: Account, phone: Phone) -> None:
    asked = begin(site, account)
    cookie = site.cookie("step")
    found = phone.challenge()
    assert found is not None
    phone.approve(found, asked.number)
    site.post("/sign-in/verify/push")
    assert Session.objects.count() == 1
    thief = Site()
    thief.get("/sign-in")
    thief.set_cookie("__Host-step", cookie or "")
    thief.post("/sign-in/verify/push")
    assert Session.objects.count() == 1


def test_no_on_the_phone_tells_the_owner(
    site: Site, account: Account, phone: Phone, mailbox: Mailbox
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    answer = phone.refuse(found)
    assert (answer.status_code, answer.json()["data"]) == (200, True)
    assert state(site)["state"] == "refused"
    site.get("/sign-in/verify?way=authenticator")
    assert "The sign-in was refused on the phone." in site.page.text
    assert site.page.link("Set a new password").href == "/recover"
    letters = mailbox.to(account.email)
    assert [letter.subject for letter in letters] == ["A sign-in was refused on your phone"]
    assert "Firefox on Linux" in letters[0].text
    assert "192.0.2.10" in letters[0].text
    # A YES that comes after the NO.
    late = phone.approve(found, asked.number)
    assert (late.status_code, code_of(late)) == (404, "already_processed")
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()
    entry = AuditEntry.objects.get(action="identity.challenge_refused")
    assert entry.subject_account_id == account.pk
    assert entry.ip == "192.0.2.77"


def test_a_no_needs_no_signature_but_a_wrong_one_is_none(
    site: Site, account: Account, phone: Phone
) -> None:
    begin(site, account)
    found = phone.challenge()
    assert found is not None
    wrong = phone.refuse(found, signature=phone.signature(found, "approve"))
    assert (wrong.status_code, code_of(wrong)) == (403, "bad_signature")
    assert state(site)["state"] == "open"
    path = f"2fa/push/challenges/{found['uuid']}"
    assert phone.ask("DELETE", path).status_code == 200
    assert state(site)["state"] == "refused"


def test_wrong_numbers_end_it(site: Site, account: Account, phone: Phone, mailbox: Mailbox) -> None:
    asked = begin(site, account)
    wrong = "11" if asked.number != "11" else "12"
    found = phone.challenge()
    assert found is not None
    first = phone.approve(found, wrong)
    assert (first.status_code, first.json()["error"]["tries_left"]) == (422, 1)
    assert code_of(first) == "wrong_number"
    assert state(site)["state"] == "open"
    second = phone.approve(found, wrong)
    assert (second.status_code, second.json()["error"]["tries_left"]) == (422, 0)
    assert state(site)["state"] == "mismatched"
    right = phone.approve(found, asked.number)
    assert (right.status_code, code_of(right)) == (404, "already_processed")
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()
    assert [letter.subject for letter in mailbox.to(account.email)] == [
        "A sign-in was stopped: wrong number on your phone"
    ]


def test_the_provider_decides_how_many_wrong_numbers(
    site: Site, account: Account, phone: Phone
) -> None:
    change("identity.push_wrong_numbers", 3)
    asked = begin(site, account)
    wrong = "11" if asked.number != "11" else "12"
    found = phone.challenge()
    assert found is not None
    left = [phone.approve(found, wrong).json()["error"]["tries_left"] for _ in range(2)]
    assert left == [2, 1]
    assert phone.approve(found, asked.number).status_code == 200


def test_a_yes_without_the_number_changes_nothing(
    site: Site, account: Account, phone: Phone
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    answer = phone.approve(found)
    assert (answer.status_code, code_of(answer)) == (422, "number_required")
    asked.refresh_from_db()
    assert (asked.state, asked.wrong_numbers) == ("open", 0)


# What is signed instead: another word, another number, another phone's key, another request.
FORGERIES: dict[str, Any] = {
    "no number": lambda phone, found, _number: phone.signature(found, "approve"),
    "a no": lambda phone, found, number: phone.signature(found, "refuse", number),
    "another key": lambda _phone, found, number: Phone().signature(found, "approve", number),
    "another nonce": lambda phone, found, number: phone.signature(
        {**found, "nonce": "x" * 43}, "approve", number
    ),
    "another challenge": lambda phone, found, number: phone.signature(
        {**found, "uuid": random_uuid()}, "approve", number
    ),
    "another provider": lambda phone, found, number: Phone(
        issuer="https://other.example", key=phone.key
    ).signature(found, "approve", number),
    "zeros": lambda _phone, _found, _number: "A" * 86,
    "nonsense": lambda _phone, _found, _number: "no",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_signature_that_is_not_for_this_very_answer_is_refused(
    site: Site, account: Account, phone: Phone, forgery: str
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    answer = phone.approve(
        found, asked.number, signature=FORGERIES[forgery](phone, found, asked.number)
    )
    assert (answer.status_code, code_of(answer)) == (403, "bad_signature")
    asked.refresh_from_db()
    assert (asked.state, asked.wrong_numbers, asked.answered_at) == ("open", 0, None)
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()


def test_a_wrong_signature_tells_nothing_of_the_number(
    site: Site, account: Account, phone: Phone
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    wrong = "11" if asked.number != "11" else "12"
    told = [
        phone.approve(found, number, signature="A" * 86).text for number in (wrong, asked.number)
    ]
    assert told[0] == told[1]
    asked.refresh_from_db()
    assert asked.wrong_numbers == 0


def test_after_its_time_no_answer_counts(
    site: Site, account: Account, phone: Phone, clock: Clock
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    clock.move(timedelta(minutes=5, seconds=1))
    assert phone.challenge() is None
    assert state(site) == {"state": "expired", "expires_in": 0}
    for answer in (phone.approve(found, asked.number), phone.refuse(found)):
        assert (answer.status_code, code_of(answer)) == (410, "expired")
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at) == ("open", None)
    site.get("/sign-in/verify?way=authenticator")
    assert "The phone did not answer in time." in site.page.text


def test_nobody_elses_phone_answers(
    site: Site, account: Account, phone: Phone, make_account: Any
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    stranger = give_phone(make_account())
    assert stranger.challenge() is None
    answers = [stranger.approve(found, asked.number), stranger.refuse(found)]
    unknown = {**found, "uuid": random_uuid()}
    answers += [stranger.approve(unknown, asked.number), phone.refuse(unknown)]
    assert [(a.status_code, code_of(a)) for a in answers] == [(404, "not_found")] * 4
    assert len({a.text for a in answers}) == 1
    asked.refresh_from_db()
    assert asked.state == "open"


def test_every_phone_of_the_account_may_answer(site: Site, account: Account, phone: Phone) -> None:
    tablet = give_phone(account)
    asked = begin(site, account)
    found = tablet.challenge()
    assert found is not None
    assert found == phone.challenge()
    assert tablet.approve(found, asked.number).status_code == 200
    again = phone.approve(found, asked.number)
    assert (again.status_code, code_of(again)) == (404, "already_processed")
    site.post("/sign-in/verify/push")
    assert Session.objects.count() == 1
    assert row_of(tablet).method.last_used_at is not None
    assert row_of(phone).method.last_used_at is None


def test_a_removed_phone_is_told_so_and_its_answers_are_worth_nothing(
    site: Site, account: Account, phone: Phone
) -> None:
    two_step.add_method(account)
    asked = begin(site, account)
    site.get("/sign-in/verify?way=authenticator")
    found = phone.challenge()
    assert found is not None
    remove(phone)
    answers = [
        phone.ask("GET", "2fa/push/challenges"),
        phone.ask("GET", "1/devices/current"),
        phone.approve(found, asked.number),
        phone.refuse(found),
    ]
    assert [(a.status_code, code_of(a)) for a in answers] == [(401, "device_removed")] * 4
    asked.refresh_from_db()
    assert asked.state == "open"


def test_an_approval_by_a_phone_that_was_removed_since_opens_nothing(
    site: Site, account: Account, phone: Phone
) -> None:
    two_step.add_method(account)
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    assert phone.approve(found, asked.number).status_code == 200
    remove(phone)
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()


def test_a_sign_in_finished_in_another_way_is_asked_no_more(
    site: Site, account: Account, phone: Phone
) -> None:
    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    SignInStep.objects.update(finished_at=asked.created_at)
    assert phone.challenge() is None
    for answer in (phone.approve(found, asked.number), phone.refuse(found)):
        assert (answer.status_code, code_of(answer)) == (404, "already_processed")
    asked.refresh_from_db()
    assert asked.state == "open"


def test_a_new_password_takes_the_question_back(
    site: Site, account: Account, phone: Phone, mailbox: Mailbox
) -> None:
    from django.db import transaction

    from hospes.foundation.services import outbox

    asked = begin(site, account)
    found = phone.challenge()
    assert found is not None
    with transaction.atomic():
        outbox.emit("identity.password_changed", {"account_id": account.pk})
    assert phone.challenge() is None
    answer = phone.approve(found, asked.number)
    assert (answer.status_code, code_of(answer)) == (404, "already_processed")
    site.post("/sign-in/verify/push")
    assert not Session.objects.exists()


def test_a_signed_in_person_confirms_once_more_on_the_phone(
    site: Site, account: Account, phone: Phone, sign_in: Any
) -> None:
    session = sign_in(site, account)
    before = session.authenticated_at
    site.get("/2fa/authorize", follow=True)
    assert site.url == "/sign-in/verify"
    # Any page can lead here: the phone rings only once its owner asks for it.
    assert phone.challenge() is None
    site.submit({}, button="Ask the phone")
    asked = Challenge.objects.get()
    found = phone.challenge()
    assert found is not None
    assert phone.approve(found, asked.number).status_code == 200
    site.post("/sign-in/verify/push", follow=True)
    assert site.url == "/2fa/authorize"
    session.refresh_from_db()
    assert (session.amr, session.ended_at) == (["mfa", "pwd", "swk"], None)
    assert session.second_factor_at is not None
    assert session.authenticated_at == before
