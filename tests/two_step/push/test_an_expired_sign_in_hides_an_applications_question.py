"""Weakness (of the fix in ``edge/push_statements.py``): a sign-in's question that ran out stays
``open`` in its row until the hourly tidying, and stands before those of applications meanwhile.
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


def test_it_is_asked_once_the_sign_in_has_run_out(site, clock):
    account = people.make_account("anna@customer.example")
    phone = phones.give_phone(account)
    enter(site, account.email)
    site.follow()
    assert phone.challenge() is not None
    clock.move(timedelta(minutes=11))
    command = approvals.Ask(
        backchannel_id=str(uuid.uuid4()),
        application_name="Library",
        message="Lend a book",
        expires_at=product_clock.now() + timedelta(minutes=2),
    )
    with transaction.atomic():
        asked = approvals.ask(account, command, origin=Origin(ip="198.51.100.7", user_agent="app"))
    told = phone.challenge()
    assert told is not None
    assert told["uuid"] == asked.public_id
