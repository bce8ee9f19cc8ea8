"""What the password alone does not change where two-step verification is on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry, NumberSetting
from hospes.identity.models import Account, ApplicationPassword, Method
from hospes.identity.services import credentials
from hospes.identity.services.two_step import backup_codes
from support import two_step
from support.api import Api, data, error, faults
from support.people import PASSWORD

PROFILE = "/2/profile"
NEW = "seven herons above the weir 52"
KNOWN = {"current_password": PASSWORD}
REQUIRED = ("one_time_code", "validation_rule_required")
WRONG = ("one_time_code", "validation_rule_wrong")
WRITES = [
    ("PATCH", "", {"password": NEW}),
    ("PATCH", "", {"email": "new@customer.example"}),
    ("PATCH", "", {"reminder_email": "new@mail.example"}),
    ("PATCH", "", {"reminder_phone": "+41791112233"}),
    ("PATCH", "", {"unsuccessful_connexion_limit": True}),
    ("POST", "/applications/passwords", {"name": "Mail on my phone"}),
    ("DELETE", "/phones/1", {}),
    ("DELETE", "/emails/recovery/2", {}),
]


@pytest.fixture
def anna():
    account = two_step.make_account("anna@customer.example")
    Account.objects.filter(pk=account.pk).update(
        recovery_phone="+41791234567", recovery_email="r@mail.example"
    )
    return stored(account)


@pytest.fixture
def api(anna):
    return Api(anna, "profile:read", "profile:write")


@pytest.fixture
def app():
    return two_step.App()


def stored(account):
    return Account.objects.get(pk=account.pk)


def set_number(key, value):
    NumberSetting.objects.create(key=key, value=value, updated_at=product_clock.now())
    numbers.forget()


def state(account):
    """Return what the writes below would change."""
    names = ("email", "recovery_email", "recovery_phone", "lock_after_failures", "password_hash")
    return Account.objects.values(*names).get(pk=account.pk)


@pytest.mark.parametrize("write", WRITES, ids=str)
def test_the_password_alone_changes_nothing(api, anna, app, mailbox, write):
    method, path, body = write
    before = state(anna)

    answer = api.request(method, PROFILE + path, json={**body, **KNOWN})
    assert faults(answer) == {REQUIRED}
    answer = api.request(method, PROFILE + path, json=body)
    assert ("current_password", "validation_rule_required") in faults(answer)
    told = {**body, **KNOWN, "one_time_code": app.wrong()}
    assert faults(api.request(method, PROFILE + path, json=told)) == {WRONG}
    assert state(anna) == before
    assert ApplicationPassword.objects.count() == 0
    assert len(mailbox.all()) == 0

    answer = api.request(method, PROFILE + path, json={**told, "one_time_code": app.code()})
    assert answer.status_code in {200, 201}, answer.text


def test_what_is_missing_is_told_at_once(api):
    assert faults(api.patch(PROFILE, {"email": "new@customer.example"})) == {
        ("current_password", "validation_rule_required"),
        REQUIRED,
    }
    assert data(api.patch(PROFILE, {"firstname": "Anne"}))["firstname"] == "Anne"


def test_a_code_counts_once_even_for_a_write_that_is_refused(api, anna, app):
    spent = {**KNOWN, "one_time_code": app.code()}
    weak = api.patch(PROFILE, {"password": "short", **spent})
    assert "password" in {attribute for attribute, _ in faults(weak)}

    assert faults(api.patch(PROFILE, {"password": NEW, **spent})) == {WRONG}
    assert credentials.verify_password(stored(anna), PASSWORD)


def test_a_code_is_not_looked_at_without_the_password(api, anna, app):
    body = {"password": NEW, "current_password": "not it at all", "one_time_code": app.code()}
    assert {attribute for attribute, _ in faults(api.patch(PROFILE, body))} == {"current_password"}
    assert Method.objects.get(account=anna).last_step == -1

    assert api.patch(PROFILE, {**body, **KNOWN}).status_code == 200


def test_a_backup_code_does_it_and_is_used_up(api, anna, mailbox):
    code, other, *_ = backup_codes.replace(anna)
    body = {"unsuccessful_connexion_limit": True, **KNOWN, "one_time_code": code}

    assert api.patch(PROFILE, body).status_code == 200
    assert backup_codes.remaining(anna) == 9
    assert len(mailbox.to("anna@customer.example")) == 2
    assert faults(api.patch(PROFILE, {**body, "unsuccessful_connexion_limit": False})) == {WRONG}
    again = {**body, "unsuccessful_connexion_limit": False, "one_time_code": other.lower()}
    assert api.patch(PROFILE, again).status_code == 200


def test_guesses_are_counted_as_at_a_sign_in(api, anna, app, mailbox, clock):
    set_number("identity.one_time_code_failures", 3)
    set_number("identity.one_time_codes_wrong_in_a_row", 11)
    body = {"password": NEW, **KNOWN, "one_time_code": app.wrong()}
    # A dry run guesses no more cheaply.
    for number in range(3):
        answer = api.request("PATCH", PROFILE, json=body, params={"dry_run": number % 2})
        assert faults(answer) == {WRONG}
    assert stored(anna).failed_codes == 3
    assert AuditEntry.objects.filter(action="identity.code_failed").count() == 3
    (told,) = mailbox.to("anna@customer.example")
    assert "3 wrong codes" in told.text

    paused = api.patch(PROFILE, {**body, "one_time_code": app.code()})
    assert error(paused) == (429, "too_many_request")
    assert int(paused.headers["retry-after"]) >= 60

    Account.objects.filter(pk=anna.pk).update(failed_codes=10)
    clock.move(timedelta(hours=2))
    api.patch(PROFILE, {**body, "one_time_code": app.wrong()})
    exhausted = api.patch(PROFILE, {**body, "one_time_code": app.code()})
    assert faults(exhausted) == {("one_time_code", "validation_rule_exhausted")}
    assert credentials.verify_password(stored(anna), PASSWORD)


def test_a_right_code_begins_the_count_anew(api, anna, app, clock):
    set_number("identity.one_time_code_failures", 3)
    body = {"unsuccessful_connexion_limit": True, **KNOWN}
    for limit in (True, False, True):
        for _ in range(2):
            api.patch(PROFILE, {**body, "one_time_code": app.wrong()})
        body["unsuccessful_connexion_limit"] = limit
        clock.move(timedelta(seconds=60))
        answer = api.patch(PROFILE, {**body, "one_time_code": app.code()})
        assert answer.status_code == 200, answer.text
        assert stored(anna).failed_codes == 0


def test_a_removed_app_shows_no_code(api, anna, app):
    two_step.add_method(anna, kind="sms", phone="+41791234567")
    Method.objects.filter(account=anna, kind="totp").update(removed_at=product_clock.now())

    answer = api.patch(PROFILE, {"password": NEW, **KNOWN, "one_time_code": app.code()})
    assert faults(answer) == {WRONG}
    assert credentials.verify_password(stored(anna), PASSWORD)


def test_the_same_write_sent_again_takes_no_second_code(api, anna, app):
    body = {"password": NEW, **KNOWN, "one_time_code": app.code()}
    key = {"Idempotency-Key": "a-key"}
    first = api.request("PATCH", PROFILE, json=body, headers=key)
    again = api.request("PATCH", PROFILE, json=body, headers=key)

    assert first.status_code == again.status_code == 200
    assert again.headers["idempotency-replayed"] == "true"
    assert (stored(anna).failed_passwords, stored(anna).failed_codes) == (0, 0)
