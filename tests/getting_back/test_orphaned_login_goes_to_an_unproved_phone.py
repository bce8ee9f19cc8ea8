"""Weakness: the temporary login ID is sent by SMS to a recovery phone that was never confirmed."""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, texts

from hospes.identity.services.getting_back import orphans
from hospes.kit.origin import Origin


def test_a_phone_that_nobody_confirmed_is_told_nothing(make_account, mailbox):
    owner = make_account("anna@assoc.example", recovery_phone=PHONE)
    orphans.orphan_login(owner, acting_account=None, origin=Origin(ip="", user_agent=""))
    assert texts(mailbox) == []
