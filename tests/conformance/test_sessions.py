"""The modules of the basic plans that ask twice, or without showing a page."""

from __future__ import annotations

import secrets
import time

from conformance.party import INTERACTION


def test_oidcc_prompt_login(party, browser, outcome):
    first = party.sign_in(browser)
    time.sleep(1)  # the second proof is to be later in whole seconds
    second = party.sign_in(browser, prompt="login")
    assert browser.asked_for_password
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims["auth_time"] > first.claims["auth_time"]


def test_oidcc_prompt_none_not_logged_in(party, browser, outcome):
    request = party.request(prompt="none", state=secrets.token_hex(64))
    error = party.error(request, party.ask(browser, request))
    assert error in INTERACTION
    assert not browser.asked


def same_sign_in(party, browser, first, **changes):
    """Ask again; nobody is asked, and the ID token tells of the same person and proof."""
    second = party.sign_in(browser, **changes)
    assert not browser.asked
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims.get("auth_time") == first.claims.get("auth_time")
    return second


def test_oidcc_prompt_none_logged_in(party, browser, outcome):
    same_sign_in(party, browser, party.sign_in(browser), prompt="none")


def test_oidcc_id_token_hint(party, browser, outcome):
    first = party.sign_in(browser)
    same_sign_in(party, browser, first, prompt="none", id_token_hint=first.id_token)


def test_oidcc_max_age_1(party, browser, outcome):
    first = party.sign_in(browser)
    time.sleep(2.1)  # whole seconds: after 2 s it may still be just fresh enough
    second = party.sign_in(browser, max_age="1")
    assert browser.asked_for_password
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims["auth_time"] > first.claims["auth_time"]
    # The suite allows five minutes' difference between clocks; here there is one clock.
    assert abs(second.claims["auth_time"] - time.time()) < 10


def test_oidcc_max_age_10000(party, browser, outcome):
    first = party.sign_in(browser, max_age="15000")
    assert isinstance(first.claims["auth_time"], int)
    second = same_sign_in(party, browser, first, max_age="10000")
    assert isinstance(second.claims["auth_time"], int)
