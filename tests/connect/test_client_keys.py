"""Applications' keys: fetched where they are published, kept, and never from inside the house."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from hospes.connect.gateways import key_sets
from hospes.connect.services import client_keys
from hospes.foundation.services import numbers as numbers_service
from hospes.kit.origin import SYSTEM
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.options import ClientOptions
from support.documents import Documents
from support.signing import OTHER, PRIVATE, key_set, public

PATH = "/keys.json"


@pytest.fixture
def published(tmp_path, monkeypatch):
    with Documents(tmp_path) as documents:
        documents.put(PATH, key_set("ES256").encode())
        monkeypatch.setattr(key_sets, "CLIENT", documents.client(2.0))
        yield documents


def set_number(key, value):
    numbers_service.change(key, value, acting_account_id=None, origin=SYSTEM)


def application(client_id="app", **values):
    given = {"jwks_uri": "https://push.example" + PATH, **values}
    return ClientView(client_id, "web", options=ClientOptions(**given))


def names(client=None, kid=""):
    return [each.kid for each in client_keys.keys_of(client or application(), kid).keys]


def test_keys_in_the_registration_are_read_without_a_word_to_anybody(published):
    inline = application(jwks_uri="", jwks=key_set("ES256", "RS256"))
    assert names(inline) == ["ES256", "RS256"]
    assert client_keys.keys_of(inline) is client_keys.keys_of(inline)
    assert names(application(jwks_uri="", jwks="rubbish")) == []
    assert names(application(jwks_uri="")) == []
    assert published.asked == []


def test_a_set_is_fetched_once_and_kept_for_a_time(published, clock):
    for _ in range(5):
        assert names() == ["ES256"]
    assert published.asked == [PATH]
    clock.move(timedelta(minutes=14))
    assert names() == ["ES256"]
    assert len(published.asked) == 1
    set_number("connect.client_keys_minutes", 14)
    assert names() == ["ES256"]
    assert len(published.asked) == 2


def test_an_unknown_name_has_them_fetched_again_at_most_once_a_minute(published, clock):
    assert names(kid="ES256") == ["ES256"]
    published.put(PATH, key_set("ES256", "RS256").encode())
    # Whoever invents names causes no traffic.
    for number in range(5):
        assert names(kid=f"made-up-{number}") == ["ES256"]
    assert len(published.asked) == 1
    clock.move(timedelta(seconds=60))
    assert names(kid="RS256") == ["ES256", "RS256"]
    assert names(kid="nothing") == ["ES256", "RS256"]
    assert len(published.asked) == 2
    # Each application has a minute of its own.
    assert names(application("other"), kid="x") == ["ES256", "RS256"]
    assert len(published.asked) == 3
    set_number("connect.client_keys_retry_seconds", 10)
    clock.move(timedelta(seconds=11))
    assert names(kid="nothing") == ["ES256", "RS256"]
    assert len(published.asked) == 4


@pytest.mark.parametrize(
    "content",
    [
        (500, b""),
        (404, key_set("RS256").encode()),
        (200, b"<html>"),
        (200, b"\xff"),
        (200, b"x" * 70_000),
        (200, b'{"keys": [' + b" " * 64_000 + b"]}"),
        (200, b'{"keys": [{"kty": "oct", "k": "AAAA"}]}'),
    ],
)
def test_where_they_cannot_be_fetched_the_old_ones_count_for_a_while(published, clock, content):
    assert names() == ["ES256"]
    published.pages[PATH] = content
    clock.move(timedelta(minutes=16))
    assert names() == names() == ["ES256"]
    # Asked once a minute, not at every request.
    assert len(published.asked) == 2
    clock.move(timedelta(hours=23))
    assert names() == ["ES256"]
    clock.move(timedelta(hours=2))
    assert names() == []
    published.put(PATH, key_set("RS256").encode())
    clock.move(timedelta(minutes=2))
    assert names() == ["RS256"]


def test_how_long_old_ones_count_is_a_number(published, clock):
    set_number("connect.client_keys_kept_hours", 0)
    assert names() == ["ES256"]
    published.pages[PATH] = (500, b"")
    clock.move(timedelta(minutes=16))
    assert names() == []


def test_private_keys_that_were_published_are_refused(published):
    told = {"keys": [public(OTHER["ES256"]), PRIVATE["ES256"].as_dict(private=True)]}
    published.put(PATH, told)
    assert names() == []


@pytest.mark.parametrize(
    "uri",
    [
        "http://push.example/keys.json", "https://push.example:8443/keys.json",
        "file:///etc/passwd", "https://user@push.example/keys.json", "https://[::1", "",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_asked(published, uri):
    assert names(application(jwks_uri=uri)) == []
    assert published.asked == []


def test_an_address_inside_the_house_and_a_redirect_lead_nowhere(published, monkeypatch):
    published.moved["/moved"] = "https://push.example" + PATH
    assert names(application(jwks_uri="https://push.example/moved")) == []
    assert published.asked == ["/moved"]
    for inside in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"):
        monkeypatch.setattr(key_sets, "CLIENT", published.client(addresses=(inside,)))
        assert names(application(inside)) == []
    assert published.asked == ["/moved"]


def test_many_at_once_fetch_once_and_a_crowd_is_told_to_come_again(published, monkeypatch):
    gate, entered = threading.Event(), threading.Semaphore(0)
    fetch = key_sets.fetch

    def slow(uri):
        entered.release()
        assert gate.wait(20)
        return fetch(uri)

    monkeypatch.setattr(key_sets, "fetch", slow)
    found: list[object] = []

    def ask():
        try:
            found.append(names())
        except OAuthError as error:
            found.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(client_keys.MOST_WAITING + 3)]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=20)
    while len(found) < 3:
        threads[0].join(0.01)
    gate.set()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, found)) == ["['ES256']"] * 4 + ["temporarily_unavailable"] * 3
    assert published.asked == [PATH]


def test_whoever_has_old_keys_does_not_wait_for_new_ones(published, clock, monkeypatch):
    assert names() == ["ES256"]
    clock.move(timedelta(minutes=16))
    gate, entered = threading.Event(), threading.Event()

    def slow(_uri):
        entered.set()
        assert gate.wait(20)
        raise key_sets.NotFetched("late")

    monkeypatch.setattr(key_sets, "fetch", slow)

    def ask():
        names()
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    assert entered.wait(20)
    for _ in range(10):
        assert names(kid="new") == ["ES256"]
    gate.set()
    thread.join(20)


def test_a_signed_in_machine_is_let_in_by_a_published_key(published, register, clock):
    from connect.till import Machine

    from hospes.foundation import clock as product_clock
    from hospes.protocols.oauth import options
    from support.signing import assertion, assertion_form

    machine = Machine(register(type="other", name="Nightly job", redirect_uris=()))
    row = machine.application
    row.options = options.write(
        ClientOptions(
            token_endpoint_auth_method="private_key_jwt", jwks_uri="https://push.example" + PATH
        )
    )
    row.save(update_fields=["options"])

    def ask(key=None):
        now = product_clock.timestamp()
        token = assertion(row.client_id, "https://hospes.test", now=now, key=key)
        form = {**assertion_form(token), "grant_type": "client_credentials"}
        return machine.client.post("/token", data=form).status_code

    assert (ask(), ask(OTHER["ES256"])) == (200, 401)
    # A key that goes is gone with the next fetching.
    published.put(PATH, key_set("ES256", keys=OTHER).encode())
    clock.move(timedelta(minutes=16))
    assert (ask(), ask(OTHER["ES256"])) == (401, 200)
