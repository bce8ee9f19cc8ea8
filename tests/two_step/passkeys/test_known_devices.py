"""Who knows the password does not shut the owner's passkeys by having answers refused."""

from __future__ import annotations

import pytest
from two_step.passkeys.test_second_step import add_passkey, at_step

from hospes.identity.models import Session
from support import passkeys, people
from support.passkeys import CONFIRM, VERIFY, ask, send


@pytest.fixture
def account():
    return people.make_account("anna@customer.example")


def flood(site, account):
    stranger = site.another_browser(ip="198.51.100.7")
    at_step(stranger, account)
    for _ in range(10):
        assert send(stranger, VERIFY, "no answer at all").status_code == 422
    assert send(stranger, VERIFY, "no answer at all").status_code == 429


def test_the_owner_passes_on_a_device_that_is_known(site, account):
    own = add_passkey(site, account)
    at_step(site, account)
    assert send(site, VERIFY, own.get(ask(site, f"{VERIFY}/options"))).status_code == 302
    site.get("/sign-out")
    site.post("/sign-out", {"all": "1"})
    flood(site, account)
    at_step(site, account)
    assert send(site, VERIFY, own.get(ask(site, f"{VERIFY}/options"))).status_code == 302


def test_the_owner_who_is_signed_in_confirms_as_before(site, account):
    own = add_passkey(site, account)
    passkeys.sign_in(site, own)
    flood(site, account)
    send(site, CONFIRM, own.get(ask(site, f"{CONFIRM}/options")), next="/settings/login")
    assert site.location == "/settings/login"


def test_a_known_device_has_a_limit_too(site, account):
    own = add_passkey(site, account)
    passkeys.sign_in(site, own)
    for _ in range(10):
        send(site, CONFIRM, "no answer at all")
    before = Session.objects.get().authenticated_at
    send(site, CONFIRM, own.get(ask(site, f"{CONFIRM}/options")), next="/settings/login")
    assert site.location.startswith("/sign-in/confirm")
    assert Session.objects.get().authenticated_at == before
