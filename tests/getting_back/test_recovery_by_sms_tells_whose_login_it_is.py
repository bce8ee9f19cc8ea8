"""Weakness: asking twice for a code by SMS tells whether the login has a recovery phone.

A second ask voids the first row only where there is an account (``sent_codes.ask``); the first
browser's page then says so.
"""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, ask, code_in, texts


def seen(site, login):
    """Ask in one browser, then in another; return what the first one is shown afterwards."""
    first, second = site.another_browser(ip="192.0.2.31"), site.another_browser(ip="192.0.2.32")
    assert ask(first, login, "sms").status_code == 302
    assert ask(second, login, "sms").status_code == 302
    return first.get("/recover/code").status_code


def test_two_browsers_learn_no_more_of_a_known_login_than_of_an_unknown_one(
    site, make_account, clock
):
    owner = make_account(recovery_phone=PHONE, recovery_phone_verified_at=clock.now())
    assert seen(site, owner.email) == seen(site, "nobody@customer.example")


def test_a_stranger_does_not_take_the_owners_code_away(site, make_account, clock, mailbox):
    owner = make_account(recovery_phone=PHONE, recovery_phone_verified_at=clock.now())
    ask(site, owner.email, "sms")
    [text] = texts(mailbox)
    ask(site.another_browser(ip="198.51.100.9"), owner.email, "sms")
    site.get("/recover/code", follow=True)
    assert site.url == "/recover/code"
    assert site.submit({"code": code_in(text)}).status_code == 302
