"""Answers that no browser gives are refused like any other wrong one."""

from __future__ import annotations

import json

import pytest

from hospes.identity.models import Method, Session
from support import passkeys, people
from support.passkeys import ADD, SIGN_IN, Authenticator, ask, encode


def coded(text):
    return encode(text.encode())


DEEP = coded('{"challenge":' + "[" * 20000 + "]" * 20000 + "}")
ANSWERS = [
    {"id": "x", "response": {"clientDataJSON": DEEP}},
    {"id": "x", "response": {"clientDataJSON": {}}},
    {"id": "x", "response": {"clientDataJSON": 5}},
    {"id": "x", "response": {"clientDataJSON": "\ud800"}},
    {"id": "x", "response": {"clientDataJSON": coded('{"challenge":{}}')}},
    {"id": "x", "response": {"clientDataJSON": coded('{"challenge":"\\ud800"}')}},
    {"id": "x", "response": []},
]
NAMES = ["deep", "object", "number", "surrogate", "challenge", "challenge-surrogate", "list"]


@pytest.fixture
def stranger(site):
    browser = site.another_browser(raise_exceptions=False)
    browser.get("/sign-in")
    return browser


def assert_refused(stranger, answer, words):
    assert stranger.post(SIGN_IN, {"passkey": json.dumps(answer)}).status_code == 302
    stranger.follow()
    assert words in stranger.page.text
    assert not Session.objects.exists()


@pytest.mark.parametrize("answer", ANSWERS, ids=NAMES)
def test_at_the_sign_in(stranger, answer):
    stranger.post(f"{SIGN_IN}/options")
    assert_refused(stranger, answer, "Your browser sent no passkey")


@pytest.mark.parametrize("answer", ANSWERS, ids=NAMES)
def test_where_one_is_added(site, sign_in, answer):
    account = people.make_account()
    sign_in(site, account)
    ask(site, f"{ADD}/options")
    assert passkeys.send(site, ADD, answer, name="").status_code == 422
    assert not Method.objects.exists()


@pytest.mark.parametrize("name", ["\ud800", "a\0b"], ids=["surrogate", "nul"])
def test_names_of_passkeys(stranger, name):
    options = ask(stranger, f"{SIGN_IN}/options")
    device = Authenticator()
    device.create({"user": {"id": coded("x")}, "challenge": options["challenge"]})
    assert_refused(stranger, device.get(options) | {"id": name}, "This passkey cannot sign in here")


@pytest.mark.parametrize("handle", [5, {}, ["x"], "\ud800", "é"], ids=ascii)
def test_user_handles(site, stranger, handle):
    account = people.make_account()
    own = Authenticator()
    here = site.another_browser()
    people.sign_in(here, account)
    assert passkeys.add(here, own).status_code == 200
    Session.objects.all().delete()
    answer = own.get(ask(stranger, f"{SIGN_IN}/options"))
    answer["response"]["userHandle"] = handle
    assert_refused(stranger, answer, "This passkey cannot sign in here")
