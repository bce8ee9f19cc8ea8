"""Codes by SMS as a method, and the gateway they leave by."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from django.test import override_settings
from getting_back.test_forgotten_password import PHONE, texts

from hospes.foundation import clock as product_clock
from hospes.foundation.gateways.letters import Letter
from hospes.foundation.gateways.sms import NotDelivered, SmsChannel, can_read
from hospes.identity.models import Account, Method, SentCode, Session
from support.people import sign_in as signed_in_on
from support.racing import race
from support.two_step import add_method, enter

PAGE = "/settings/two-step/sms"
GATEWAY = ("json://gateway.example/sms/{to}",)


def code_in(text):
    return re.search(r"^\d{6}", text)[0]


def add(site, phone="079 123 45 67", region="CH", name="Mobile"):
    site.get(PAGE)
    return site.submit({"name": name, "phone": phone, "region": region})


@pytest.fixture
def owner(make_account):
    account = make_account()
    add_method(account, kind="sms", phone=PHONE)
    return account


def begin(site, owner):
    enter(site, owner.email)
    site.follow()
    site.submit({}, button="Send a code")
    site.follow()


def test_a_number_is_added_once_its_code_came_back(site, make_account, mailbox):
    account = make_account()
    signed_in_on(site, account)
    assert add(site).status_code == 302
    [text] = texts(mailbox)
    assert text.endswith(f"@hospes.test #{code_in(text)}")
    site.follow()
    assert site.submit({"code": "abc"}, button="Confirm").status_code == 422
    account.refresh_from_db()
    assert account.two_step_since is None
    assert site.submit({"code": code_in(text)}, button="Confirm").status_code == 200
    assert len(site.page.all("code")) == 10
    account.refresh_from_db()
    assert account.two_step_since is not None
    assert Method.objects.get().phone == PHONE


@pytest.mark.parametrize(
    ("phone", "region", "words"),
    [
        ("+12025550123", "CH", "go to these countries only"),
        ("12", "CH", "no phone number"),
        ("", "CH", "Enter a phone number"),
    ],
)
def test_only_numbers_of_the_listed_countries(site, make_account, phone, region, words):
    signed_in_on(site, make_account())
    assert add(site, phone, region).status_code == 422
    assert words in site.page.errors("phone")
    assert Method.objects.count() == 0
    assert SentCode.objects.count() == 0


def test_signing_in_with_a_code_by_sms(site, owner, mailbox):
    begin(site, owner)
    [text] = texts(mailbox)
    assert "…67" in site.page.text
    assert PHONE not in site.page.text
    assert site.submit({"code": code_in(text)}, button="Continue").status_code == 302
    session = Session.objects.get()
    assert set(session.amr) == {"pwd", "sms", "mfa"}
    assert site.get("/sign-in/confirm").status_code == 200


def test_a_demo_shows_where_the_sms_is(site, owner):
    begin(site, owner)
    assert "This installation sends no SMS" in site.page.text
    assert "sends no mail" not in site.page.text
    real = dataclasses.replace(settings.HOSPES, development=False, demo=False, sms_urls=GATEWAY)
    with override_settings(HOSPES=real):
        site.get("/sign-in/verify")
        assert "An SMS with a code went" in site.page.text
        assert "sends no SMS" not in site.page.text


def test_wrong_old_and_strange_codes_open_nothing(site, owner, mailbox, clock):
    begin(site, owner)
    first = code_in(texts(mailbox)[0])
    site.submit({}, button="Send another code")
    site.follow()
    second = code_in(texts(mailbox)[1])
    if first != second:
        assert site.submit({"code": first}, button="Continue").status_code == 422
    # Another sign-in's code is not this one's.
    other = site.another_browser()
    begin(other, owner)
    third = code_in(texts(mailbox)[2])
    if third != second:
        site.get("/sign-in/verify")
        assert site.submit({"code": third}, button="Continue").status_code == 422
    clock.move(timedelta(minutes=9, seconds=59))
    assert Session.objects.count() == 0
    assert Account.objects.get().failed_codes >= 1


def test_a_code_given_by_many_at_once_is_accepted_once(site, owner, mailbox):
    from hospes.identity.models import SignInStep
    from hospes.identity.services.two_step import sms

    begin(site, owner)
    code = code_in(texts(mailbox)[0])
    method, step = Method.objects.get(), SignInStep.objects.get()
    results = race(lambda _n: sms.accepts(method, code, step=step), threads=4)
    assert sorted(map(str, results)) == ["False"] * 3 + ["True"]


def test_a_flood_of_messages_is_stopped(site, owner, mailbox):
    enter(site, owner.email)
    site.follow()
    for number in range(7):
        site.get("/sign-in/verify")
        site.submit({}, button="Send another code" if number else "Send a code")
        mailbox.deliver()
    assert len(texts(mailbox)) == 5


def letter():
    return Letter(
        recipient=PHONE,
        subject="",
        text="123456 is your code",
        html="",
        reference="message-1",
        written_at=product_clock.now(),
    )


class Gateway:
    """A gateway that takes messages over HTTP, or refuses them."""

    def __init__(self, status):
        self.got = got = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, json.loads(body)))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/sms/{{to}}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def test_the_gateway_gets_number_and_text():
    gateway = Gateway(200)
    try:
        SmsChannel([gateway.url]).deliver(letter())
    finally:
        gateway.close()
    [(path, body)] = gateway.got
    assert path == "/sms/+41791234567"
    assert body["message"] == "123456 is your code"


def test_the_next_gateway_is_asked_where_one_refuses_and_all_refusing_is_told(caplog):
    broken, sound = Gateway(500), Gateway(200)
    try:
        SmsChannel([broken.url, sound.url]).deliver(letter())
        assert (len(broken.got), len(sound.got)) == (1, 1)
        with pytest.raises(NotDelivered) as told:
            SmsChannel([broken.url]).deliver(letter())
    finally:
        broken.close()
        sound.close()
    assert PHONE not in str(told.value)
    assert "123456" not in str(told.value)
    # The library would write the address, with the gateway's key and the number.
    assert not can_read("no-such-service://secret-key/{to}")
    assert not any(text in caplog.text for text in (PHONE, "secret-key", broken.url, "123456"))


def test_addresses_are_judged_before_they_are_used():
    assert can_read("json://gateway.example/sms/{to}")
    assert not can_read("nothing-of-this-kind://gateway.example/{to}")
