"""Weakness (of the fix in ``cases.py``): five cases a day that name the owner's address as contact,
from anywhere, keep the owner from opening their own.
"""

from __future__ import annotations

from getting_back.test_cases import ask

CONTACT = "anna@elsewhere.example"


def test_the_owner_opens_a_case_after_a_stranger_named_their_address(site, make_account):
    owner = make_account()
    for number in range(5):
        stranger = site.another_browser(ip=f"198.51.100.{number + 1}")
        ask(stranger, login="nobody@customer.example", contact_email=CONTACT)
    assert ask(site, login=owner.email, contact_email=CONTACT).status_code == 302
