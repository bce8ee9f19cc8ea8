"""Guide 6: the login is told to the account's own phone or address, and to nobody else."""

from __future__ import annotations

import pytest
from getting_back.test_forgotten_password import PHONE, texts

from hospes.foundation.models import AuditEntry, Job

ELSEWHERE = "anna@elsewhere.example"


@pytest.fixture
def proved(clock):
    return {
        "recovery_phone": PHONE,
        "recovery_phone_verified_at": clock.now(),
        "recovery_email_verified_at": clock.now(),
    }


def ask(site, **values):
    site.get("/recover/login")
    return site.submit({"region": "CH", "phone": "079 123 45 67", **values})


def test_the_phone_gets_the_login(site, make_account, proved, mailbox):
    account = make_account(**proved)
    assert ask(site).headers["location"] == "/recover/login/sent?way=sms"
    assert texts(mailbox) == [f"You sign in with {account.email}"]


def test_the_recovery_address_gets_the_login(site, make_account, proved, mailbox):
    account = make_account(recovery_email=ELSEWHERE, **proved)
    ask(site, way="mail", recovery_email=ELSEWHERE)
    [letter] = mailbox.to(ELSEWHERE)
    assert account.email in letter.text
    assert texts(mailbox) == []


def test_of_several_accounts_the_recovery_address_says_which(site, make_account, proved, mailbox):
    first = make_account(recovery_email=ELSEWHERE, **proved)
    make_account(recovery_email="other@elsewhere.example", **proved)
    ask(site)
    [text] = texts(mailbox)
    assert "Several accounts" in text
    assert first.email not in text
    ask(site, recovery_email=ELSEWHERE)
    assert texts(mailbox)[1] == f"You sign in with {first.email}"


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "+41791111111"},
        {"recovery_email": "wrong@elsewhere.example"},
        {"way": "mail", "recovery_email": "wrong@elsewhere.example"},
    ],
)
def test_what_matches_nobody_is_answered_alike_and_sends_nothing(
    site, make_account, proved, mailbox, values
):
    make_account(recovery_email=ELSEWHERE, **proved)
    before = Job.objects.count(), AuditEntry.objects.count()
    response = ask(site, **values)
    assert response.status_code == 302
    assert (Job.objects.count(), AuditEntry.objects.count()) == (before[0] + 1, before[1] + 1)
    site.follow()
    assert "is on its way" in site.page.text
    assert len(mailbox) == 0
    assert texts(mailbox) == []
    assert texts(mailbox, "+41791111111") == []


def test_a_phone_that_was_never_proved_is_nobodys(site, make_account, mailbox):
    make_account(recovery_phone=PHONE)
    ask(site)
    assert texts(mailbox) == []


def test_faults_are_told_together(site, mailbox):
    response = ask(site, phone="12", way="mail", recovery_email="")
    assert response.status_code == 422
    assert "no phone number" in site.page.errors("phone")
    assert "needs the recovery address" in site.page.errors("recovery_email")
    assert Job.objects.count() == 0


def test_too_many_are_stopped(site, make_account, proved, mailbox):
    make_account(**proved)
    answers = [ask(site).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(texts(mailbox)) == 5
