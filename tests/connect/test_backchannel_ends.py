"""Approval on the phone: not too often, and what ends between the question and the token."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

from datetime import timedelta

import pytest
from connect.till import Till, consent, tables
from django.db import IntegrityError, transaction

from hospes.connect.models import (
    Application,
    BackchannelRequest,
    Consent,
    Grant,
    Token,
)
from hospes.connect.services import backchannel as service
from hospes.connect.services import purge, revocation
from hospes.foundation import numbers
from hospes.identity.models import Account, Challenge
from hospes.identity.services.two_step import approvals, challenges, phones
from hospes.identity.services.two_step.challenges import Answer
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM, Origin
from hospes.protocols.oauth import backchannel as rules
from hospes.protocols.oauth.backchannel import Question
from hospes.protocols.oauth.errors import OAuthError
from support.phones import give_phone, remove
from support.racing import race


def test_nobody_is_bombed(till, phone, allowed, register, payer, clock):
    other = Till(register(name="Other shop", backchannel_mode="poll"))
    consent(payer, other.application)
    most = numbers.get("identity.push_open_refusals")
    assert till.ask().status_code == 200
    phone.refuse(phone.challenge())
    for _ in range(most - 1):
        assert till.ask().status_code == 200
    before = tables()
    for asking in (till, other):
        answer = asking.ask()
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    assert tables() == before
    clock.move(timedelta(minutes=numbers.get("identity.push_refusals_window_minutes"), seconds=1))
    assert other.ask().status_code == 200


def test_a_yes_does_not_count(till, phone, allowed):
    for _ in range(numbers.get("identity.push_open_refusals") + 2):
        assert till.ask().status_code == 200
        assert phone.approve(phone.challenge()).status_code == 200


def test_an_application_keeps_nobody_from_signing_in(till, payer, phone, allowed, site):
    from support import two_step

    for _ in range(numbers.get("identity.push_open_refusals")):
        assert till.ask().status_code == 200
    two_step.enter(site, payer.email)
    site.follow()
    asked = Challenge.objects.latest("pk")
    assert asked.step is not None
    assert asked.number in site.page.text


def test_many_at_once_ask_no_more_than_the_limit(till, payer, phone, allowed):
    till.application.refresh_from_db()
    question = Question(frozenset({"openid"}), subject=payer.public_id)

    def ask(_number):
        return service.ask_phone(
            till.application.pk, till.application.revision, question, "192.0.2.1", "till"
        )

    results = race(ask, threads=6)
    accepted = [each for each in results if isinstance(each, rules.Accepted)]
    denied = [each for each in results if isinstance(each, OAuthError)]
    assert len(accepted) == 3, results
    assert {each.code for each in denied} == {"access_denied"}, results
    assert Challenge.objects.count() == BackchannelRequest.objects.count() == 3


def test_an_application_that_changed_since_is_looked_at_again(till, payer, phone, allowed):
    till.application.refresh_from_db()
    question = Question(frozenset({"openid"}), subject=payer.public_id)
    before = tables()
    stale = till.application.revision - 1
    assert service.ask_phone(till.application.pk, stale, question, "192.0.2.1", "x") is None
    assert tables() == before


def test_an_application_deleted_while_it_asks_asks_nobody(till, payer, phone, allowed, monkeypatch):
    till.application.refresh_from_db()
    question = Question(frozenset({"openid"}), subject=payer.public_id)
    genuine = BackchannelRequest.objects.create

    def create(**values):
        made = genuine(**values)
        # As a deletion would find it that came at the same moment: the row points nowhere.
        BackchannelRequest.objects.filter(pk=made.pk).update(
            application=values["application"].pk + 1
        )
        return made

    monkeypatch.setattr(BackchannelRequest.objects, "create", create)
    before = tables()
    key, revision = till.application.pk, till.application.revision
    # While the application is there, a fault of the database is one.
    with pytest.raises(IntegrityError):
        service.ask_phone(key, revision, question, "192.0.2.1", "x")
    real = service._ask_in_one

    def gone(*given):
        try:
            return real(*given)
        finally:
            Application.objects.filter(pk=key).delete()

    monkeypatch.setattr(service, "_ask_in_one", gone)
    assert service.ask_phone(key, revision, question, "192.0.2.1", "x") is None
    assert tables() == before


@pytest.mark.parametrize("when", ["before the yes", "after the yes"])
@pytest.mark.parametrize("what", ["locked", "deleted", "removed", "withdrawn", "password"])
def test_cve_2026_9798_what_ends_before_the_token_ends_the_request(
    till, payer, phone, allowed, when, what
):
    """Elsewhere an approval went on to give tokens for an account that had been locked."""
    till.ask()
    shown = phone.challenge()
    after = when == "after the yes"
    if after:
        assert phone.approve(shown).status_code == 200
    if what in {"locked", "deleted"}:
        Account.objects.filter(pk=payer.pk).update(state=what)
    elif what == "removed":
        remove(phone)
    elif what == "withdrawn":
        revocation.withdraw_consent(till.application, acting_account=payer, origin=SYSTEM)
    else:
        from hospes.foundation.services import outbox

        with transaction.atomic():
            outbox.emit("identity.password_changed", {"account_id": payer.pk})
    if not after:
        assert phone.approve(shown).status_code in {401, 404}
        assert not Grant.objects.exists()
    # A removed phone said nothing: another one still may.
    waits = not after and what == "removed"
    assert till.error() == ("authorization_pending" if waits else "access_denied")
    assert not Token.objects.exists()
    assert BackchannelRequest.objects.get().used_at is None


@pytest.mark.parametrize("how", ["less consent", "no consent", "switched off"])
def test_a_yes_to_what_is_not_allowed_any_more_makes_no_grant(till, phone, allowed, how):
    till.ask()
    if how == "less consent":
        Consent.objects.update(scope="openid")
    elif how == "no consent":
        Consent.objects.all().delete()
    else:
        Application.objects.update(backchannel_mode="")
    assert phone.approve(phone.challenge()).status_code == 200
    assert till.error() == ("unauthorized_client" if how == "switched off" else "access_denied")
    assert not Grant.objects.exists()
    assert not Token.objects.exists()


def test_it_runs_out(till, phone, allowed, clock):
    assert till.ask(requested_expiry="60").json()["expires_in"] == 60
    shown = phone.challenge()
    clock.move(timedelta(seconds=61))
    assert phone.challenge() is None
    assert phone.approve(shown).status_code == 410
    assert till.error() == "expired_token"


def test_a_deleted_applications_question_is_taken_back(till, owner, phone, allowed):
    from hospes.connect.services.applications import delete_application

    till.ask()
    shown = phone.challenge()
    delete_application(till.application, acting_account=owner, origin=SYSTEM)
    assert phone.challenge() is None
    assert phone.approve(shown).status_code == 404
    assert not Grant.objects.exists()


def test_another_accounts_phone_cannot_answer(till, phone, allowed, make_account):
    stranger = give_phone(make_account("bob@customer.example"))
    till.ask()
    shown = phone.challenge()
    assert stranger.challenge() is None
    assert stranger.approve(shown).status_code == 404
    forged = phone.approve(shown, signature=stranger.signature(shown, "approve"))
    assert forged.json()["error"]["code"] == "bad_signature"
    assert till.error() == "authorization_pending"
    assert not Grant.objects.exists()


def test_yes_and_no_at_the_same_time_make_one_answer(till, payer, phone, allowed, clock):
    origin = Origin(ip="192.0.2.77", user_agent="Authenticator")
    for round_ in range(1, 5):
        clock.move(timedelta(hours=1))
        till.ask()
        asked = Challenge.objects.latest("pk")
        view = {"uuid": asked.public_id, "nonce": asked.nonce}

        def answer(number, asked=asked, view=view):
            word = "approve" if number % 2 else "refuse"
            given = Answer(asked.public_id, phone.signature(view, word))
            say = challenges.approve if number % 2 else challenges.refuse
            say(phones.by_token(phone.token), given, origin=origin)
            return word

        results = race(answer, threads=4)
        won = [each for each in results if isinstance(each, str)]
        assert len(won) == 1, results
        assert all(
            each.has("", "already_processed") for each in results if isinstance(each, Refused)
        )
        row = BackchannelRequest.objects.latest("pk")
        assert (row.grant_id is not None) is (won == ["approve"])
        if won == ["approve"]:
            assert till.fetch().status_code == 200
        else:
            assert till.error() == "access_denied"
        assert BackchannelRequest.objects.count() == round_


def test_a_yes_while_the_consent_is_taken_back_leaves_no_living_grant(till, payer, phone, allowed):
    origin = Origin(ip="192.0.2.77", user_agent="Authenticator")
    for _ in range(4):
        Challenge.objects.all().delete()
        Consent.objects.all().delete()
        consent(payer, till.application)
        till.ask()
        asked = Challenge.objects.latest("pk")
        view = {"uuid": asked.public_id, "nonce": asked.nonce}

        def act(number, asked=asked, view=view):
            if number:
                revocation.withdraw_consent(till.application, acting_account=payer, origin=SYSTEM)
                return "withdrawn"
            given = Answer(asked.public_id, phone.signature(view, "approve"))
            challenges.approve(phones.by_token(phone.token), given, origin=origin)
            return "approved"

        results = race(act, threads=2)
        assert results[1] == "withdrawn", results
        assert results[0] == "approved" or results[0].has("", "already_processed"), results
        assert not Grant.objects.filter(revoked_at=None).exists()
        assert till.error() == "access_denied"
    assert not Token.objects.exists()


def test_old_requests_are_removed(till, phone, allowed, clock):
    till.ask()
    phone.approve(phone.challenge())
    till.ask()
    purge.purge()
    assert BackchannelRequest.objects.count() == 2
    clock.move(timedelta(days=1, minutes=6))
    purge.purge()
    assert not BackchannelRequest.objects.exists()
    assert not Grant.objects.exists()


def test_an_account_locked_since_it_was_looked_up_is_not_asked(payer, phone):
    command = approvals.Ask("b" * 36, "Flower shop", "", payer.created_at)
    Account.objects.filter(pk=payer.pk).update(state="locked")
    with pytest.raises(Refused) as gone, transaction.atomic():
        approvals.ask(payer, command, origin=SYSTEM)
    assert gone.value.has("", "gone")
    assert not Challenge.objects.exists()
