"""Codes are not guessed without end: pauses come first, and then nothing more on new devices.

NIST SP 800-63B-4 §3.2.2: at most 100 failures in a row.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from getting_back.test_forgotten_password import texts
from two_step.methods.test_sms import begin, code_in
from two_step.methods.test_sms_refused import owner, post, sent

from hospes.identity.models import Account, Method, Session
from hospes.identity.services.two_step import backup_codes
from support import passkeys, people, two_step
from support.two_step import App, enter, pass_step

WORDS = "no longer taken on new devices"


@pytest.fixture
def account():
    return two_step.make_account("anna@customer.example")


def at_step(site, account, **options):
    stranger = site.another_browser(ip="198.51.100.7", **options)
    enter(stranger, account.email)
    stranger.follow()
    return stranger


def exhaust(account):
    Account.objects.filter(pk=account.pk).update(failed_codes=100)


def failed(account):
    return Account.objects.get(pk=account.pk).failed_codes


def test_after_a_hundred_wrong_codes_in_a_row_no_more_are_looked_at(site, account, clock):
    for _ in range(11):
        stranger = at_step(site, account)
        for _ in range(10):
            stranger.submit({"code": App().wrong()}, action="code")
        clock.move(timedelta(minutes=31))
    assert failed(account) == 100
    stranger = at_step(site, account)
    assert pass_step(stranger).status_code == 429
    assert WORDS in stranger.page.text
    assert "Retry-After" not in stranger.response.headers
    assert not Session.objects.exists()
    # The pause was never meant to end it, and does not.
    clock.move(timedelta(days=30))
    assert pass_step(at_step(site, account)).status_code == 429
    assert (failed(account), Session.objects.count()) == (100, 0)


def test_backup_codes_are_refused_as_well(site, account):
    [code, *_rest] = backup_codes.replace(account)
    exhaust(account)
    stranger = at_step(site, account)
    stranger.get("/sign-in/verify?way=backup")
    assert stranger.submit({"backup": code}, action="backup").status_code == 429
    assert WORDS in stranger.page.text
    assert backup_codes.remaining(account) == 10
    assert not Session.objects.exists()


def test_codes_by_sms_are_neither_taken_nor_sent(site, mailbox):
    account = owner()
    begin(site, account)
    [text] = texts(mailbox)
    exhaust(account)
    assert site.submit({"code": code_in(text)}, button="Continue").status_code == 429
    assert WORDS in site.page.text
    before = sent()
    post(site, method=Method.objects.get().public_id, send="1")
    site.follow()
    assert WORDS in site.page.text
    assert sent() == before
    assert not Session.objects.exists()


def test_one_fewer_is_still_looked_at_and_success_begins_anew(site, account):
    Account.objects.filter(pk=account.pk).update(failed_codes=99)
    assert pass_step(at_step(site, account)).status_code == 302
    assert (failed(account), Session.objects.count()) == (0, 1)


def test_a_known_device_gets_in_and_opens_the_way_for_new_ones(site, account):
    enter(site, account.email)
    pass_step(site)
    site.get("/sign-out")
    site.post("/sign-out", {"all": "1"})
    exhaust(account)
    enter(site, account.email)
    [code, *_rest] = backup_codes.replace(account)
    site.get("/sign-in/verify?way=backup")
    assert site.submit({"backup": code}, action="backup").status_code == 302
    assert failed(account) == 0


def test_another_way_on_a_new_device_opens_nothing_for_codes(site, account):
    here = site.another_browser()
    people.sign_in(here, account, amr=("pwd", "otp", "mfa"))
    own = passkeys.Authenticator()
    passkeys.add(here, own)
    Session.objects.all().delete()
    exhaust(account)
    stranger = at_step(site, account)
    answer = own.get(passkeys.ask(stranger, f"{passkeys.VERIFY}/options"))
    assert passkeys.send(stranger, passkeys.VERIFY, answer).status_code == 302
    assert Session.objects.count() == 1
    assert failed(account) == 100


def test_a_new_password_opens_it(site, account, mailbox):
    new = "nine copper kettles in the attic"
    exhaust(account)
    site.get("/recover")
    site.submit({"email": account.email})
    link = next(link for link in mailbox.to(account.email)[-1].links if "/recover/" in link)
    site.get(link.removeprefix("https://hospes.test"))
    site.submit({"password": new})
    assert failed(account) == 0
    assert site.location == "/sign-in/verify"
    assert pass_step(site).status_code == 302
    exhaust(account)
    site.get("/settings/password")
    fields = {"current_password": new, "new_password": "eleven tin whistles on the roof"}
    assert site.submit(fields).status_code == 302
    assert failed(account) == 0


def test_the_owner_hears_of_wrong_codes_typed_by_somebody_who_is_signed_in(site, account, mailbox):
    """A session without a second factor (a trusted browser's, an old one) asks for it again."""
    intruder = site.another_browser(ip="198.51.100.7")
    people.sign_in(intruder, account)
    intruder.get("/settings/two-step/codes")
    assert intruder.location == "/sign-in/verify"
    intruder.follow()
    for _ in range(10):
        assert not mailbox.to(account.email)
        assert intruder.submit({"code": App().wrong()}, action="code").status_code == 422
    [letter] = mailbox.to(account.email)
    assert "typed wrong codes" in letter.subject
    assert "10 wrong codes" in letter.text
