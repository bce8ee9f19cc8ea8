"""Weakness (of the fix in ``sent_codes.py``): one count per network for SMS of every purpose. A
neighbour behind the same address (an office, a carrier's NAT) with a few free accounts shuts the
second step of everybody there; and as only real sends are counted, what is left of the count tells
whether a login asked for at ``/recover`` has a recovery phone.
"""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, ask, texts
from getting_back.test_recovery_phone import give

from hospes.foundation.models import MailboxEntry
from support import people, two_step
from support.people import sign_in as signed_in_on
from support.two_step import enter


def spend(site, make_account, mailbox):
    """Have six free accounts send what they may; return how many SMS left."""
    before = MailboxEntry.objects.filter(channel="sms").count()
    for account_number in range(6):
        neighbour = site.another_browser()
        signed_in_on(neighbour, make_account())
        for number in range(5):
            give(neighbour, f"+4178{1000000 + 10 * account_number + number:07d}")
            mailbox.deliver()
    return MailboxEntry.objects.filter(channel="sms").count() - before


def test_the_second_step_of_others_goes_on(site, make_account, mailbox):
    account = people.make_account("anna@customer.example")
    method = two_step.add_method(account, kind="sms", phone=PHONE)
    spend(site, make_account, mailbox)
    enter(site, account.email)
    site.follow()
    site.post("/sign-in/verify/sms", {"method": method.public_id, "send": "1"})
    assert len(texts(mailbox)) == 1


def test_what_is_left_does_not_tell_whose_login_has_a_phone(site, make_account, mailbox, clock):
    owner = make_account(recovery_phone=PHONE, recovery_phone_verified_at=clock.now())
    ask(site, owner.email, "sms")
    mailbox.deliver()
    after_a_known_one = spend(site, make_account, mailbox)
    assert after_a_known_one == 30
