"""The page that waits for the phone, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from two_step.push.waiting import begin

from hospes.identity.models import Session
from support.phones import Phone, give_phone

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from support.site import Site


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


@pytest.fixture
def phone(account: Account) -> Phone:
    return give_phone(account)


def test_a_press_before_the_yes_says_that_it_is_too_early(
    site: Site, account: Account, phone: Phone
) -> None:
    asked = begin(site, account)
    site.submit({}, action="/sign-in/verify/push", button="approved", follow=True)
    assert "Not yet: approve the sign-in on your phone first." in site.page.text
    assert not Session.objects.exists()
    asked.refresh_from_db()
    assert asked.spent_at is None
    found = phone.challenge()
    assert found is not None
    phone.refuse(found)
    site.post("/sign-in/verify/push", follow=True)
    assert "Not yet" not in site.page.text
    assert "The sign-in was refused on the phone." in site.page.text
    assert not Session.objects.exists()


def test_the_app_on_this_very_device_is_one_link_away(
    site: Site, account: Account, phone: Phone
) -> None:
    begin(site, account)
    site.get("/sign-in/verify")
    assert site.page.link("Open the Authenticator on this device").href == "/authenticator/"
