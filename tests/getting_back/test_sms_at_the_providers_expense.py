"""Weakness: the recovery phone takes numbers of every country, so HOSPES_SMS_COUNTRIES bounds only
the second step; and there is no bound over all accounts and numbers (toll fraud, SMS pumping).
"""

from __future__ import annotations

import pytest
from getting_back.test_recovery_phone import give

from hospes.foundation.models import MailboxEntry
from support.people import sign_in as signed_in_on


@pytest.mark.parametrize("number", ["+94771234567", "+252612345678", "+2250712345678"])
def test_no_sms_goes_to_a_country_that_the_provider_did_not_list(
    site, make_account, mailbox, number
):
    signed_in_on(site, make_account())
    give(site, number)
    mailbox.deliver()
    assert not MailboxEntry.objects.filter(channel="sms", recipient=number).exists()


def test_fresh_accounts_do_not_send_without_end_from_one_network(site, make_account, mailbox):
    """Whoever signs up 12 accounts from one address has 60 numbers texted within the hour."""
    for account_number in range(12):
        stranger = site.another_browser(ip="198.51.100.7")
        signed_in_on(stranger, make_account())
        for number in range(5):
            give(stranger, f"+4179{1000000 + 10 * account_number + number:07d}")
            mailbox.deliver()
    assert MailboxEntry.objects.filter(channel="sms").count() <= 30
