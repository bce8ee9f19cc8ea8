"""What passkeys are bound to, what they are called, and what is tidied up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.identity.domain import authenticators, relying_party
from hospes.identity.models import PasskeyCeremony
from hospes.identity.services import purging
from hospes.identity.services.two_step import passkeys
from support.passkeys import ask


@pytest.mark.parametrize(
    ("address", "rp_id", "origin", "usable"),
    [
        ("https://my.provider.example", "my.provider.example", None, True),
        ("https://my.provider.example:8443", "my.provider.example", None, True),
        (
            "https://My.Provider.example:443",
            "my.provider.example",
            "https://my.provider.example",
            True,
        ),
        ("http://localhost:8000", "localhost", None, True),
        ("http://127.0.0.1:8000", "127.0.0.1", None, False),
        ("http://[::1]:8000", "::1", None, False),
    ],
)
def test_the_party_is_that_of_the_base_address(address, rp_id, origin, usable):
    party = relying_party.of(address)
    assert (party.rp_id, party.origin, party.usable) == (rp_id, origin or address, usable)


def test_known_makers_and_transports():
    assert authenticators.name_of("08987058-CADC-4b81-b6e1-30de50dcbe96") == "Windows Hello"
    assert authenticators.name_of("00000000-0000-0000-0000-000000000000") == ""
    assert authenticators.known_transports(["usb", "x", "usb", 1, None]) == ["usb"]
    assert authenticators.known_transports("usb") == []
    assert authenticators.is_security_key(["nfc", "usb"])
    assert not authenticators.is_security_key(["internal", "usb"])
    assert not authenticators.is_security_key([])


def test_old_challenges_are_deleted(site, clock):
    ask(site, "/sign-in/passkey/options")
    clock.move(timedelta(minutes=4))
    ask(site, "/sign-in/passkey/options")
    purging.purge()
    assert PasskeyCeremony.objects.count() == 2
    clock.move(timedelta(minutes=1))
    purging.purge()
    assert PasskeyCeremony.objects.count() == 1


def test_strangers_do_not_fill_the_table(site, clock, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST_ASKED", 3)
    for _ in range(3):
        ask(site, "/sign-in/passkey/options")
    response = site.post("/sign-in/passkey/options")
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "throttled"
    assert PasskeyCeremony.objects.count() == 3
    ask(site.another_browser(ip="198.51.100.9"), "/sign-in/passkey/options")
    clock.move(timedelta(minutes=5, seconds=1))
    ask(site, "/sign-in/passkey/options")
