"""The password alone, of a sign-in that proved no second factor, opens no sensitive page.

Such sign-ins are those from before two-step verification was on, and those of trusted browsers.
"""

from __future__ import annotations

import pytest

from hospes.identity.models import Account, MailLink, Session
from support import people, two_step

PHONE = "+41446681800"
PAGES = {
    "/settings/email": {"email": "thief@b.example"},
    "/settings/recovery/email": {"email": "thief@b.example"},
    "/settings/recovery/email/remove": {},
    "/settings/recovery/phone": {"region": "CH", "phone": "044 668 18 01"},
    "/settings/recovery/phone/confirm": {"again": "1"},
    "/settings/recovery/phone/remove": {},
    "/settings/data/delete": {"email": "anna@customer.example"},
}


@pytest.fixture
def account():
    return people.make_account(
        "anna@customer.example", recovery_email="anna@home.example", recovery_phone=PHONE
    )


@pytest.fixture
def intruder(site, account):
    browser = site.another_browser(ip="198.51.100.7")
    people.sign_in(browser, account)
    two_step.add_method(account)
    return browser


def facts(account):
    fresh = Account.objects.get(pk=account.pk)
    return (
        fresh.email,
        fresh.recovery_email,
        fresh.recovery_phone,
        fresh.deletion_due_at,
        MailLink.objects.count(),
    )


@pytest.mark.parametrize("page", PAGES)
def test_it_is_asked_for_the_second_factor_and_changes_nothing(intruder, account, mailbox, page):
    before = facts(account)
    assert intruder.get(page).headers["location"] == "/sign-in/verify"
    intruder.get("/sign-in?add=1")  # gives the cookie that forms need
    assert intruder.post(page, PAGES[page]).headers["location"] == "/sign-in/verify"
    assert facts(account) == before
    assert not mailbox.to("thief@b.example")


def test_the_second_factor_opens_it_and_once_is_enough(intruder, account):
    intruder.get("/settings/email")
    assert two_step.pass_step(intruder).status_code == 302
    assert intruder.location == "/settings/email"
    for page in PAGES:
        assert intruder.get(page).status_code == 200, page


def test_a_trusted_browser_is_asked_as_well(site, account):
    two_step.add_method(account)
    two_step.enter(site, account.email)
    two_step.pass_step(site, trust="1")
    site.get("/sign-out")
    site.post("/sign-out", {"all": "1"})
    two_step.enter(site, account.email)
    assert Session.objects.get(ended_at=None).second_factor_at is None
    site.get("/settings/email")
    assert site.location == "/sign-in/verify"


def test_without_two_step_verification_the_password_is_enough(site, account, sign_in):
    sign_in(site, account)
    for page in PAGES:
        assert site.get(page).status_code == 200, page


def test_the_password_is_changed_with_the_password(intruder):
    """The owner's way to be rid of a stranger must not lead through a stranger's method."""
    assert intruder.get("/settings/password").status_code == 200
