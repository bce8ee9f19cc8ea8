"""Weakness: codes by SMS for the second step have one count per number, with none for devices that
are known: five an hour sent by somebody who knows the password shut out an owner who has no other
method, on their own device too.
"""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, code_in, texts

from support import people, two_step
from support.two_step import enter


def send(browser, method):
    enter(browser, "anna@customer.example")
    browser.follow()
    browser.post("/sign-in/verify/sms", {"method": method.public_id, "send": "1"})


def test_the_owner_gets_a_code_on_a_device_that_is_known(site, mailbox):
    account = people.make_account("anna@customer.example")
    method = two_step.add_method(account, kind="sms", phone=PHONE)
    send(site, method)
    code = code_in(texts(mailbox)[-1])
    site.post("/sign-in/verify/sms", {"method": method.public_id, "code": code})
    assert site.location == "/"
    site.post("/sign-out", {"all": "1"})
    for number in range(5):
        send(site.another_browser(ip=f"198.51.100.{number + 1}"), method)
        mailbox.deliver()
    before = len(texts(mailbox))
    send(site, method)
    assert len(texts(mailbox)) == before + 1
