"""Weakness: a phone is told the newest question alone. An application that may ask (CIBA) hides
the sign-in's, whose owner is waiting for just such a question, and theirs wants no number.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction

from hospes.foundation import clock as product_clock
from hospes.identity.services.two_step import approvals
from hospes.kit.origin import Origin
from support import people, phones
from support.two_step import enter


def test_the_sign_in_is_asked_first(site):
    account = people.make_account("anna@customer.example")
    phone = phones.give_phone(account)
    enter(site, account.email)
    site.follow()
    asked = phone.challenge()
    command = approvals.Ask(
        backchannel_id=str(uuid.uuid4()),
        application_name="Your provider",
        message="Your sign-in",
        expires_at=product_clock.now() + timedelta(minutes=2),
    )
    with transaction.atomic():
        approvals.ask(account, command, origin=Origin(ip="198.51.100.7", user_agent="app"))
    assert phone.challenge()["uuid"] == asked["uuid"]
