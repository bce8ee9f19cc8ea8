"""Guide 6: the ways to a new password, none of which tells who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from hospes.foundation.models import MailboxEntry
from hospes.identity.models import Account, MailLink, SentCode
from support.people import PASSWORD

NEW = "nine copper kettles in the attic"
PHONE = "+41791234567"


def texts(mailbox, phone=PHONE):
    mailbox.deliver()
    rows = MailboxEntry.objects.filter(channel="sms", recipient=phone).order_by("id")
    return [row.text for row in rows]


def code_in(text):
    return re.search(r"\b\d{6}\b", text)[0]


def ask(site, login, way):
    site.get("/recover")
    return site.submit({"email": login, "way": way})


@pytest.fixture
def owner(make_account, clock):
    return make_account(
        recovery_phone=PHONE,
        recovery_phone_verified_at=clock.now(),
        recovery_email="anna@elsewhere.example",
        recovery_email_verified_at=clock.now(),
    )


def test_a_code_by_sms_leads_to_a_new_password(site, owner, mailbox):
    assert ask(site, owner.email, "sms").headers["location"] == "/recover/code"
    [text] = texts(mailbox)
    site.get("/recover/code")
    response = site.submit({"code": code_in(text)})
    assert response.headers["location"].startswith("/recover/")
    site.follow()
    assert site.submit({"password": NEW}).status_code == 302
    assert site.get("/sign-in/confirm").status_code == 200
    assert SentCode.objects.get().used_at is not None


def test_the_second_address_gets_the_link(site, owner, mailbox):
    assert ask(site, owner.email, "recovery_mail").headers["location"] == (
        "/recover/sent?way=recovery_mail"
    )
    site.follow()
    assert "If the account has a recovery address" in site.page.text
    assert "address you sign in with" not in site.page.text
    assert [letter.subject for letter in mailbox.to("anna@elsewhere.example")] == [
        "Set a new password"
    ]
    assert mailbox.to(owner.email) == []


@pytest.mark.parametrize("way", ["sms", "recovery_mail"])
def test_contacts_that_were_never_proved_lead_nowhere(site, make_account, mailbox, way):
    account = make_account(recovery_phone=PHONE, recovery_email="anna@elsewhere.example")
    assert ask(site, account.email, way).status_code == 302
    assert texts(mailbox) == []
    assert mailbox.to("anna@elsewhere.example") == []
    assert MailLink.objects.count() == 0


@pytest.mark.parametrize("way", ["mail", "sms", "recovery_mail"])
def test_unknown_logins_get_the_same_answer(site, owner, mailbox, way):
    """Advisory: enumeration by recovery."""
    pages = []
    for login in (owner.email, "nobody@customer.example"):
        browser = site.another_browser()
        response = ask(browser, login, way)
        browser.get(response.headers["location"])
        pages.append((response.status_code, response.headers["location"], browser.page.text))
    assert pages[0] == pages[1]
    mailbox.deliver()
    assert mailbox.to("nobody@customer.example") == []


def test_the_code_of_an_unknown_login_is_never_right(site, make_account, mailbox):
    assert ask(site, "nobody@customer.example", "sms").status_code == 302
    mailbox.deliver()
    site.get("/recover/code")
    assert site.submit({"code": ""}).status_code == 422
    assert site.submit({"code": "000000"}).status_code == 422
    assert MailLink.objects.count() == 0


def test_another_browser_cannot_use_the_code(site, owner, mailbox):
    ask(site, owner.email, "sms")
    [text] = texts(mailbox)
    stranger = site.another_browser()
    assert stranger.get("/recover/code").status_code == 302
    ask(stranger, "nobody@customer.example", "sms")
    stranger.get("/recover/code")
    assert stranger.submit({"code": code_in(text)}).status_code == 422
    assert MailLink.objects.count() == 0


def test_a_code_dies_after_five_wrong_ones(site, owner, mailbox):
    ask(site, owner.email, "sms")
    [text] = texts(mailbox)
    right = code_in(text)
    wrong = "111111" if right != "111111" else "222222"
    site.get("/recover/code")
    for _ in range(5):
        assert MailLink.objects.count() == 0
        site.submit({"code": wrong})
        site.get("/recover/code")
    assert site.get("/recover/code").headers["location"] == "/recover"
    assert SentCode.objects.get().tries == 5
    assert MailLink.objects.count() == 0


def test_a_code_runs_out_and_a_newer_one_ends_it(site, owner, mailbox, clock):
    ask(site, owner.email, "sms")
    [first] = texts(mailbox)
    ask(site, owner.email, "sms")
    second = texts(mailbox)[1]
    site.get("/recover/code")
    if code_in(first) != code_in(second):
        assert site.submit({"code": code_in(first)}).status_code == 422
    clock.move(timedelta(minutes=11))
    assert site.get("/recover/code").headers["location"] == "/recover"
    assert MailLink.objects.count() == 0


def test_that_a_phone_had_its_codes_is_not_told(site, owner, mailbox, clock):
    for minutes in range(6):
        response = ask(site.another_browser(), owner.email, "sms")
        assert response.headers.get("location") in {"/recover/code", None}, minutes
    assert len(texts(mailbox)) <= 5


def test_a_wrong_code_changes_no_password(site, owner, mailbox):
    ask(site, owner.email, "sms")
    texts(mailbox)
    site.get("/recover/code")
    site.submit({"code": "abc"})
    assert Account.objects.get().password_hash == owner.password_hash
    browser = site.another_browser()
    browser.get("/sign-in")
    assert browser.submit({"email": owner.email, "password": PASSWORD}).status_code == 302
