"""Weakness: codes that confirm a number and codes that lead back in share one count per number.
Anybody with an account names the owner's number five times an hour, and the owner's own way back
in is shut: the page says that a code is under way, and none is.
"""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, ask, texts
from getting_back.test_recovery_phone import CONFIRM, give

from support.people import sign_in as signed_in_on


def test_the_owner_gets_a_code_after_a_stranger_named_the_number(
    site, make_account, clock, mailbox
):
    owner = make_account(recovery_phone=PHONE, recovery_phone_verified_at=clock.now())
    stranger = site.another_browser(ip="198.51.100.7")
    signed_in_on(stranger, make_account())
    give(stranger)
    for _ in range(4):
        stranger.post(CONFIRM, {"again": "1"})
        mailbox.deliver()
    before = len(texts(mailbox))
    ask(site, owner.email, "sms")
    assert len(texts(mailbox)) == before + 1
