"""The page that linked a first phone shows its backup codes as well, to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

from hospes.identity.models import AuthenticatorLink
from hospes.identity.services.two_step import backup_codes
from support.people import sign_in as signed_in_on
from support.phones import Phone

PAGE = "/settings/two-step/authenticator"


def link_from_the_page(site):
    site.get(PAGE)
    site.submit({}, button="Show the code")
    typed = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", site.page.text)[0]
    phone = Phone()
    assert phone.link(code=typed).status_code == 201
    return phone, f"{PAGE}/{AuthenticatorLink.objects.get().public_id}"


def shown(site):
    return [e.text for e in site.page.all("code") if re.fullmatch(r"\w{5}-\w{5}", e.text)]


def test_the_page_and_the_phone_show_the_same_codes(site, make_account, clock):
    account = make_account()
    signed_in_on(site, account)
    phone, page = link_from_the_page(site)
    assert site.get(page).headers["cache-control"] == "no-store"
    assert shown(site) == phone.linked["backup_codes"]
    held = str(AuthenticatorLink.objects.values().get())
    assert not any(code in held for code in phone.linked["backup_codes"])
    # Loaded again it shows them again, for as long as the invitation would have lasted.
    site.get(page)
    assert shown(site)
    clock.move(timedelta(minutes=11))
    site.get(page)
    assert shown(site) == []


def test_another_browser_does_not_see_them(site, make_account):
    account = make_account()
    signed_in_on(site, account)
    _phone, page = link_from_the_page(site)
    other = site.another_browser()
    signed_in_on(other, account)
    other.get(page)
    assert "Your phone is linked" in other.page.text
    assert shown(other) == []


def test_new_codes_end_those_that_wait(site, make_account):
    account = make_account()
    signed_in_on(site, account)
    _phone, page = link_from_the_page(site)
    backup_codes.replace(account)
    site.get(page)
    assert shown(site) == []
    assert AuthenticatorLink.objects.get().codes_sealed == ""
