"""Weakness: each spelling of a temporary login ID (``AN00123``, ``an-00123``, ``a-n 00123`` …) is
counted for itself, so neither guesses of the password nor recovery messages have a limit of the
account's; only the network's is left, and guessers have many networks.
"""

from __future__ import annotations

import pytest

from hospes.foundation.models import MailboxEntry
from hospes.identity.services.getting_back import orphans
from hospes.kit.origin import Origin
from support.people import PASSWORD

ELSEWHERE = "anna@elsewhere.example"


@pytest.fixture
def login(make_account, clock):
    owner = make_account(recovery_email=ELSEWHERE, recovery_email_verified_at=clock.now())
    return orphans.orphan_login(
        owner, acting_account=None, origin=Origin(ip="", user_agent="")
    ).login


def spelled(login, number):
    return f"{login[:2]}{'-' * number}{login[2:]}"


def test_guesses_are_limited_however_the_login_is_written(site, login):
    for number in range(14):
        stranger = site.another_browser(ip=f"198.51.100.{number + 1}")
        stranger.get("/sign-in")
        stranger.submit({"email": spelled(login, number), "password": f"guess number {number}"})
    stranger = site.another_browser(ip="198.51.100.200")
    stranger.get("/sign-in")
    response = stranger.submit({"email": spelled(login, 15), "password": PASSWORD})
    assert response.status_code == 429, "the eleventh guess within minutes was let through"


def test_recovery_mails_are_limited_however_the_login_is_written(site, login, mailbox):
    mailbox.deliver()
    before = MailboxEntry.objects.filter(recipient=ELSEWHERE).count()
    for number in range(12):
        stranger = site.another_browser(ip=f"198.51.100.{number + 1}")
        stranger.get("/recover")
        stranger.submit({"email": spelled(login, number), "way": "recovery_mail"})
    mailbox.deliver()
    assert MailboxEntry.objects.filter(recipient=ELSEWHERE).count() - before <= 5
