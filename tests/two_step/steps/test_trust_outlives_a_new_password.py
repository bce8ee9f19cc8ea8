"""Weakness: a new password in the settings ends the trust only of browsers that are signed in."""

from __future__ import annotations

from hospes.identity.models import TrustedBrowser
from support import people, two_step
from support.two_step import enter, pass_step


def test_a_browser_that_was_signed_out_is_trusted_no_longer(site, mailbox):
    account = two_step.make_account("anna@customer.example")
    enter(site, account.email)
    pass_step(site, trust="1")
    assert TrustedBrowser.objects.filter(revoked_at=None).count() == 1
    site.post("/sign-out", {"all": "1"})
    mailbox.deliver()
    here = site.another_browser()
    people.sign_in(here, account, amr=("pwd", "otp", "mfa"))
    here.get("/settings/password")
    here.submit(
        {"current_password": people.PASSWORD, "new_password": "nine copper kettles in there"}
    )
    assert here.location == "/settings/login"
    mailbox.deliver()
    assert not TrustedBrowser.objects.filter(revoked_at=None).exists()
