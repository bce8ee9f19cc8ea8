"""Weakness: opening cases is bounded by network alone. Each mails a free contact address and the
owner of the login: from many networks (an IPv6 /48 has 65536) both mailboxes are flooded.
"""

from __future__ import annotations

from getting_back.test_cases import ask


def test_one_account_and_one_address_get_a_few_mails_a_day(site, make_account, mailbox):
    owner = make_account()
    for number in range(12):
        stranger = site.another_browser(ip=f"2001:db8:0:{number:x}::1")
        ask(stranger, login=owner.email, contact_email="victim@elsewhere.example")
    assert len(mailbox.to(owner.email)) <= 5
    assert len(mailbox.to("victim@elsewhere.example")) <= 5
