"""Linking a phone: by code or token, once, in time; what the phone may then ask and change."""

from __future__ import annotations

import base64
import dataclasses
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry
from hospes.identity.domain import link_codes
from hospes.identity.models import Account, Authenticator, AuthenticatorLink, Method
from hospes.identity.services.two_step import links, phones, seeds
from hospes.kit.origin import Origin
from support import two_step
from support.phones import DEVICE, Phone, give_phone, row_of
from support.push_service import HOST, Browser
from support.racing import race

if TYPE_CHECKING:
    from support.moving import Clock
    from support.site import Site

ORIGIN = Origin(ip="192.0.2.10")


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account("anna@customer.example")
    return made


def invite(account: Account) -> links.Invitation:
    return links.begin(account, browser=None, origin=ORIGIN)


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def nothing_linked() -> bool:
    return not Method.objects.exists() and not Authenticator.objects.exists()


def test_a_code_is_shown_and_read_the_way_people_write() -> None:
    assert link_codes.shown("0123456789") == "01234-56789"
    assert link_codes.normalize(" oiL23-456 78 ") == "0112345678"
    assert link_codes.normalize("abcde-fghjk") == "ABCDEFGHJK"
    for typed in ("", "ABCDE-FGHJ", "ABCDE-FGHJKM", "ABCDE-FGHJU", "ÄBCDE-FGHJK"):
        assert link_codes.normalize(typed) == ""
    codes = {link_codes.code(bytes([n]) * 7) for n in range(256)}
    assert len(codes) == 256
    assert all(link_codes.normalize(link_codes.shown(code)) == code for code in codes)


def test_the_database_holds_neither_token_nor_code(account: Account) -> None:
    made = invite(account)
    row = AuthenticatorLink.objects.values().get()
    held = " ".join(map(str, row.values()))
    assert made.token not in held
    assert link_codes.normalize(made.code) not in held
    assert made.address == f"https://hospes.test/authenticator/#link={made.token}"


def test_before_it_is_linked_a_phone_sees_whose_account_it_is(account: Account) -> None:
    made = invite(account)
    for invitation in ({"token": made.token}, {"code": made.code.lower()}):
        answer = Phone().ask("POST", "2fa/link/preview", invitation)
        assert answer.json() == {
            "result": "success",
            "data": {
                "account": {
                    "id": account.public_id, "name": "Anna Keller", "email": "a…@customer.example",
                },
                "provider": {"name": "Alpenhost", "issuer": "https://hospes.test"},
                "expires_at": int(made.link.expires_at.timestamp()),
            },
        }  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"
    assert nothing_linked()


@pytest.mark.parametrize("by", ["token", "code"])
def test_a_phone_is_linked_once(account: Account, by: str) -> None:
    made = invite(account)
    invitation = {by: getattr(made, by)}
    phone = Phone()
    answer = phone.link(**invitation)
    assert answer.status_code == 201, answer.text
    data = answer.json()["data"]
    assert data["account"] == {
        "id": account.public_id, "name": "Anna Keller", "email": "anna@customer.example",
    }  # fmt: skip
    assert data["provider"] == {"name": "Alpenhost", "issuer": "https://hospes.test"}
    assert re.fullmatch(r"hsp_dev_[0-9A-Za-z]{43}", data["token"])
    assert len(data["backup_codes"]) == 10
    method = Method.objects.get()
    assert data["method"] == {"id": method.public_id, "name": "Fairphone 5"}
    assert (method.kind, method.confirmed_at is not None) == ("authenticator", True)
    totp = data["totp"]
    assert {k: totp[k] for k in ("digits", "period", "algorithm")} == {
        "digits": 6, "period": 30, "algorithm": "SHA1",
    }  # fmt: skip
    assert base64.b32decode(totp["secret"]) == seeds.open_seed(method)
    row = Authenticator.objects.get()
    assert data["token"] not in str(row.__dict__)
    assert (row.platform, row.locale, row.type) == ("Android", "de", "phone")
    account.refresh_from_db()
    assert account.two_step_since is not None

    for again in ({"token": made.token}, {"code": made.code}):
        late = Phone().link(**again)
        assert (late.status_code, code_of(late)) == (410, "link_used")
        late = Phone().ask("POST", "2fa/link/preview", again)
        assert (late.status_code, code_of(late)) == (410, "link_used")
    assert Method.objects.count() == 1


def test_the_second_phone_gets_no_backup_codes(account: Account) -> None:
    Phone().link(token=invite(account).token)
    second = Phone()
    assert second.link(token=invite(account).token).status_code == 201
    assert second.linked["backup_codes"] == []
    assert Method.objects.count() == 2
    assert Method.objects.filter(is_default=True).count() == 1


def test_two_phones_at_the_same_time(account: Account) -> None:
    made = invite(account)

    def link(_number: int) -> Any:
        answer = Phone().link(token=made.token)
        return answer.status_code, answer.json().get("error", {}).get("code")

    results = race(link, threads=4)
    assert sorted(results, key=str) == [(201, None), *[(410, "link_used")] * 3]
    assert Method.objects.count() == Authenticator.objects.count() == 1


def test_the_offline_code_is_the_one_the_server_takes(account: Account) -> None:
    phone = Phone()
    phone.link(token=invite(account).token)
    app = two_step.App(seed=base64.b32decode(phone.linked["totp"]["secret"]))
    from hospes.identity.services.two_step import totp

    assert totp.accepts(Method.objects.get(), app.code())
    assert not totp.accepts(Method.objects.get(), app.code())


# ---- what makes an invitation worthless --------------------------------------------------------


def refused(invitation: dict[str, Any], status: int, code: str) -> None:
    for path in ("2fa/link/preview", "2fa/link"):
        body = invitation | ({"public_key": Phone().jwk, "device": DEVICE})
        answer = Phone().ask("POST", path, body)
        assert (answer.status_code, code_of(answer)) == (status, code), path
    assert nothing_linked()


def test_after_its_time(account: Account, clock: Clock) -> None:
    made = invite(account)
    clock.move(timedelta(minutes=10, seconds=1))
    refused({"token": made.token}, 410, "link_expired")


def test_a_newer_one_ends_it(account: Account) -> None:
    made = invite(account)
    invite(account)
    refused({"code": made.code}, 410, "link_expired")


def test_a_new_password_ends_it(account: Account, clock: Clock) -> None:
    made = invite(account)
    clock.move(timedelta(seconds=1))
    Account.objects.update(password_changed_at=product_clock.now())
    refused({"token": made.token}, 410, "link_expired")


def test_a_locked_account_has_none(account: Account) -> None:
    made = invite(account)
    Account.objects.update(state=Account.State.LOCKED)
    refused({"token": made.token}, 404, "link_unknown")


@pytest.mark.parametrize(
    "invitation", [{"token": "x" * 43}, {"code": "00000-00000"}, {"code": "?"}]
)
def test_one_that_never_was(account: Account, invitation: dict[str, Any]) -> None:
    invite(account)
    refused(invitation, 404, "link_unknown")


def test_codes_cannot_be_guessed_in_peace(account: Account) -> None:
    made = invite(account)
    phone = Phone()
    for number in range(20):
        answer = phone.ask("POST", "2fa/link/preview", {"code": f"00000-0000{number % 10}"})
        assert answer.status_code == 404
    answer = phone.ask("POST", "2fa/link/preview", {"code": made.code})
    assert (answer.status_code, code_of(answer)) == (429, "too_many_requests")
    assert int(answer.headers["retry-after"]) > 0
    answer = phone.link(code=made.code)
    assert answer.status_code == 429
    assert nothing_linked()


# ---- what is wrong with a request --------------------------------------------------------------


def faults(answer: Any) -> set[tuple[str, str]]:
    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.text
    return {(e["context"]["attribute"], e["code"]) for e in answer.json()["error"]["errors"]}


def test_every_fault_is_told_at_once_and_the_invitation_is_not_lost(account: Account) -> None:
    made = invite(account)
    phone = Phone()
    answer = phone.link(
        token=made.token,
        public_key={"kty": "RSA"},
        device={
            "name": "x" * 61,
            "brand": 5,
            "model": "a\u202eb",
            "type": "fridge",
            "platform": "P" * 31,
        },
        push={"endpoint": "", "keys": {"p256dh": "AAAA", "auth": "!"}},
    )
    assert faults(answer) == {
        ("public_key", "validation_rule_key"),
        ("device.name", "validation_rule_max"),
        ("device.brand", "validation_rule_string"),
        ("device.model", "validation_rule_string"),
        ("device.platform", "validation_rule_max"),
        ("device.type", "validation_rule_in"),
        ("push.endpoint", "validation_rule_string"),
        ("push.keys.p256dh", "validation_rule_key"),
        ("push.keys.auth", "validation_rule_key"),
    }
    assert nothing_linked()
    assert phone.link(token=made.token).status_code == 201


@pytest.mark.parametrize("invitation", [{}, {"token": "a", "code": "b"}, {"token": 5}])
def test_exactly_one_of_token_and_code(account: Account, invitation: dict[str, Any]) -> None:
    answer = Phone().ask("POST", "2fa/link/preview", invitation)
    assert {attribute for attribute, _code in faults(answer)} == {"token"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b'"x"', b"[" * 5000, b'{"token": NaN}']
)
def test_what_is_no_json_object(body: bytes) -> None:
    answer = Phone().site.client.post("/api/2fa/link", content=body)
    if body.startswith(b'{"'):
        assert answer.status_code == 422
    else:
        assert (answer.status_code, code_of(answer)) == (400, "not_json")


def test_too_much_is_not_read() -> None:
    answer = Phone().site.client.post("/api/2fa/link", content=b"{" + b" " * 20_000 + b"}")
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_a_method_that_is_not_offered() -> None:
    answer = Phone().ask("GET", "2fa/link")
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


# ---- a linked phone ----------------------------------------------------------------------------


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
