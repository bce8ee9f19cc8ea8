"""Tokens that nobody uses, and tokens whose account or membership ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from hospes.api.models import ApiToken
from hospes.api.queries.tokens import TokenFilter, state_of, tokens_of
from hospes.api.services.token_silence import look_after_unused
from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import NumberSetting
from hospes.foundation.services import outbox
from hospes.identity.models import Account
from hospes.kit.api_token_states import State
from support.api_tokens import Program, make_token, row_of
from support.organizations import join, make_organization

DAY = timedelta(days=1)


def status(token: str) -> int:
    return Program(token).get("/1/ping").status_code


def set_number(key: str, value: int) -> None:
    NumberSetting.objects.update_or_create(
        key=key, defaults={"value": value, "updated_at": product_clock.now()}
    )
    numbers.forget()


@pytest.mark.parametrize("used", [True, False])
def test_a_year_of_silence_ends_it_and_nothing_revives_it(anna, clock, used):
    token = make_token(anna)
    if used:
        assert status(token) == 200
    clock.move(365 * DAY)
    assert status(token) == 401
    look_after_unused()
    assert row_of(token).deactivated_at is not None
    clock.move(-300 * DAY)
    assert status(token) == 401
    assert state_of(row_of(token)) is State.INACTIVE


def test_a_use_on_day_364_counts(anna, clock):
    token = make_token(anna)
    clock.move(364 * DAY)
    assert status(token) == 200
    clock.move(364 * DAY)
    look_after_unused()
    assert status(token) == 200


def test_warned_once_then_switched_off_with_a_mail_each(anna, clock, mailbox):
    make_token(anna, name="Old one")
    make_token(anna, name="Older one")
    clock.move(334 * DAY)
    look_after_unused()
    assert not mailbox.to(anna.email)
    clock.move(DAY)
    look_after_unused()
    look_after_unused()
    [warning] = mailbox.to(anna.email)
    assert warning.subject == "2 unused API tokens will be switched off"
    assert "Old one" in warning.text
    clock.move(30 * DAY)
    look_after_unused()
    look_after_unused()
    [_, off] = mailbox.to(anna.email)
    assert off.subject == "2 unused API tokens were switched off"
    assert "Older one" in off.text


def test_a_use_after_the_warning_begins_anew(anna, clock, mailbox):
    token = make_token(anna)
    clock.move(335 * DAY)
    look_after_unused()
    assert row_of(token).warned_at is not None
    assert status(token) == 200
    assert row_of(token).warned_at is None
    clock.move(335 * DAY)
    look_after_unused()
    assert len(mailbox.to(anna.email)) == 2


def test_the_numbers_are_the_providers(anna, clock, mailbox):
    set_number("api.token_unused_days", 40)
    set_number("api.token_warning_days", 10)
    token = make_token(anna)
    clock.move(30 * DAY)
    look_after_unused()
    assert len(mailbox.to(anna.email)) == 1
    clock.move(10 * DAY)
    assert status(token) == 401


def test_mails_are_in_the_owners_language(anna, clock, mailbox):
    Account.objects.filter(pk=anna.pk).update(locale="de")
    make_token(anna)
    clock.move(335 * DAY)
    look_after_unused()
    assert len(mailbox.to(anna.email)) == 1


def test_ended_ones_are_not_told_of(anna, clock, mailbox):
    make_token(anna, revoked_at=1)
    make_token(anna, expires_at=product_clock.timestamp() + 86400)
    clock.move(400 * DAY)
    look_after_unused()
    assert not mailbox.to(anna.email)


def test_the_filter_and_the_gate_agree_on_states(anna):
    now = product_clock.timestamp()
    year = 366 * 86400
    for values in (
        {},
        {"expires_at": now - 1},
        {"expires_at": now + 999},
        {"revoked_at": now},
        {"deactivated_at": now},
        {"created_at": now - year},
        {"created_at": now - year, "last_used_at": now - 5},
        {"created_at": now - year, "expires_at": now - 5},
        {"created_at": now - year, "revoked_at": now, "deactivated_at": now},
    ):
        make_token(anna, **values)
    every = list(tokens_of(anna))
    for state in State:
        found = set(tokens_of(anna, TokenFilter(state.value)))
        assert found == {token for token in every if state_of(token) is state}
        assert found


def test_expired(anna, clock):
    token = make_token(anna, expires_at=product_clock.timestamp() + 86400)
    assert status(token) == 200
    clock.move(DAY)
    assert status(token) == 401


@pytest.mark.parametrize("state", ["locked", "deleted"])
def test_an_account_that_is_not_active(anna, state):
    token = make_token(anna)
    Account.objects.filter(pk=anna.pk).update(state=state)
    assert status(token) == 401


def test_a_deleted_accounts_tokens_are_gone(anna, bruno):
    token, other = make_token(anna), make_token(bruno)
    with transaction.atomic():
        outbox.emit("identity.account_deleted", {"account_id": anna.pk})
    assert status(token) == 401
    assert [row.account for row in ApiToken.objects.all()] == [bruno]
    assert status(other) == 200


@pytest.mark.parametrize(
    ("reason", "code"), [("not_me", 401), ("email_change_undone", 401), ("expired", 200)]
)
def test_taking_the_account_back_revokes_all(anna, bruno, mailbox, reason, code):
    token, other = make_token(anna), make_token(bruno)
    payload = {"account_id": anna.pk, "reason": reason, "session_ids": []}
    with transaction.atomic():
        outbox.emit("identity.sessions_ended", payload)
    assert status(token) == code
    assert status(other) == 200
    assert len(mailbox.to(anna.email)) == (code == 401)


def test_removed_from_its_organization(anna, bruno):
    organization = make_organization(bruno)
    membership = join(organization, anna)
    token = make_token(anna, organization=organization)
    assert status(token) == 200
    membership.delete()
    answer = Program(token).get("/1/ping")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "access_denied"
    assert answer.headers["RateLimit"] == '"token";r=58;t=60'
