"""Linking a phone: by code or token, once, in time; what the phone may then ask and change."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from two_step.push.waiting import code_of, faults

from hospes.foundation import clock as product_clock
from hospes.identity.domain import link_codes
from hospes.identity.models import Account, Authenticator, AuthenticatorLink, Method
from hospes.identity.services.two_step import links, seeds
from hospes.kit.origin import Origin
from support import two_step
from support.phones import DEVICE, Phone
from support.racing import race

if TYPE_CHECKING:
    from support.moving import Clock

ORIGIN = Origin(ip="192.0.2.10")


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account("anna@customer.example")
    return made


def invite(account: Account) -> links.Invitation:
    return links.begin(account, browser=None, origin=ORIGIN)


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
