"""A linked phone: what it may ask and change of itself, and who is none."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from two_step.push.waiting import code_of, faults

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account
from hospes.identity.services.two_step import links, phones
from hospes.kit.origin import Origin
from support.phones import Phone, give_phone, row_of
from support.push_service import HOST, Browser

if TYPE_CHECKING:
    from support.site import Site

ORIGIN = Origin(ip="192.0.2.10")


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account("anna@customer.example")
    return made


def invite(account: Account) -> links.Invitation:
    return links.begin(account, browser=None, origin=ORIGIN)


def test_a_phone_knows_itself(account: Account) -> None:
    phone = give_phone(account)
    row = row_of(phone)
    assert phone.ask("GET", "1/devices/current").json()["data"] == {
        "id": row.method.public_id,
        "name": "Fairphone 5",
        "account": {
            "id": account.public_id, "name": "Anna Keller", "email": "anna@customer.example",
        },
        "provider": {"name": "Alpenhost", "issuer": "https://hospes.test"},
        "created_at": int(row.method.created_at.timestamp()),
        "last_used_at": None,
        "push": False,
    }  # fmt: skip


def test_a_phone_changes_itself_and_no_other(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dataclasses.replace(settings.HOSPES, push_hosts=(HOST,))
    monkeypatch.setattr(settings, "HOSPES", known)
    phone, other = give_phone(account), give_phone(account)
    told = Browser().subscription
    push = {"endpoint": told.endpoint, "keys": {"p256dh": told.p256dh + "=", "auth": told.auth}}
    changes = {"name": "  Work phone ", "locale": "fr_CH", "app_version": "2.1", "push": push}
    answer = phone.ask("PATCH", "1/devices/current", changes)
    assert (answer.status_code, answer.json()["data"]["name"]) == (200, "Work phone")
    assert answer.json()["data"]["push"] is True
    row = row_of(phone)
    assert (row.locale, row.app_version) == ("fr", "2.1")
    assert phones.subscription_of(row) == told
    entry = AuditEntry.objects.get(action="identity.method_renamed")
    assert entry.target == f"method:{row.method.public_id}"
    stranger = row_of(other)
    assert (stranger.method.name, stranger.push_sealed) == ("Fairphone 5", "")

    assert phone.ask("PATCH", "1/devices/current", {}).json()["data"]["push"] is True
    answer = phone.ask("PATCH", "1/devices/current", {"push": None})
    assert answer.json()["data"]["push"] is False
    assert row_of(phone).push_sealed == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, ("name", "validation_rule_string")),
        ({"name": None}, ("name", "validation_rule_string")),
        ({"name": "x" * 61}, ("name", "validation_rule_max")),
        ({"name": "a\x00b"}, ("name", "validation_rule_string")),
        ({"push": "no"}, ("push", "validation_rule_object")),
        (
            {"push": {"endpoint": "https://other.example/x"}},
            ("push.keys", "validation_rule_object"),
        ),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(
    account: Account, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    phone = give_phone(account)
    answer = phone.ask("PATCH", "1/devices/current", changes | {"app_version": "9"})
    assert fault in faults(answer)
    row = row_of(phone)
    assert (row.method.name, row.app_version, row.push_sealed) == ("Fairphone 5", "", "")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://other.example/x", "http://push.example/x", "https://push.example.evil.example/",
        "https://push.example@evil.example/", "https://push.example:8443/", "https://127.0.0.1/",
    ],
)  # fmt: skip
def test_only_known_push_services_are_told(
    account: Account, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    known = dataclasses.replace(settings.HOSPES, push_hosts=(HOST,))
    monkeypatch.setattr(settings, "HOSPES", known)
    told = Browser().subscription
    push = {"endpoint": endpoint, "keys": {"p256dh": told.p256dh, "auth": told.auth}}
    phone = give_phone(account)
    answer = phone.ask("PATCH", "1/devices/current", {"push": push})
    assert faults(answer) == {("push.endpoint", "validation_rule_push_service")}
    assert row_of(phone).push_sealed == ""
    # A phone that cannot be reached is linked all the same, and knows it.
    fresh = Phone()
    fresh.link(token=invite(account).token, push=push)
    assert fresh.linked["push"] is False
    assert row_of(fresh).push_sealed == ""


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic x", "Bearer hsp_dev_x", "x" * 300]
)
def test_without_its_token_nobody_is_a_phone(account: Account, header: str) -> None:
    give_phone(account)
    phone = Phone()
    paths = [("GET", "1/devices/current"), ("PATCH", "1/devices/current")]
    paths += [("GET", "2fa/push/key"), ("GET", "2fa/push/challenges")]
    for method, path in paths:
        answer = phone.ask(method, path, Authorization=header)
        assert (answer.status_code, code_of(answer)) == (401, "not_authorized"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_cookie_is_no_token_and_a_token_no_cookie(
    site: Site, account: Account, sign_in: Any
) -> None:
    sign_in(site, account)
    assert site.client.get("/api/1/devices/current").status_code == 401
    assert site.client.get("/api/2fa/push/challenges").status_code == 401
    phone = give_phone(account)
    assert phone.ask("GET", "../settings/profile").status_code == 302


def test_the_phone_of_a_locked_account_waits_and_that_of_a_deleted_one_is_told(
    account: Account,
) -> None:
    phone = give_phone(account)
    for state, code in (("locked", "not_authorized"), ("deleted", "device_removed")):
        Account.objects.update(state=state)
        for path in ("1/devices/current", "2fa/push/challenges"):
            answer = phone.ask("GET", path)
            assert (answer.status_code, code_of(answer)) == (401, code)


def test_a_phone_asks_so_often_a_minute_and_others_are_not_slowed(account: Account) -> None:
    phone, other = give_phone(account), give_phone(account)
    answers = [phone.ask("GET", "2fa/push/key") for _ in range(61)]
    assert [a.status_code for a in answers] == [200] * 60 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    polls = [phone.ask("GET", "2fa/push/challenges") for _ in range(91)]
    assert [a.status_code for a in polls] == [200] * 90 + [429]
    assert 0 < int(polls[-1].headers["retry-after"]) <= 60
    assert other.ask("GET", "2fa/push/key").status_code == 200
    assert other.ask("GET", "2fa/push/challenges").status_code == 200


def test_a_phone_is_named_after_what_it_tells() -> None:
    names = [
        phones.Device(name="Mine", brand="B", model="M").suggested_name,
        phones.Device(brand="Fairphone", model="Fairphone 5").suggested_name,
        phones.Device(brand="Nokia", model="3310").suggested_name,
        phones.Device(platform="Android").suggested_name,
        phones.Device().suggested_name,
    ]
    assert names == ["Mine", "Fairphone 5", "Nokia 3310", "Android", "Authenticator"]
