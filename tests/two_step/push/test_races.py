"""Two answers at the same time, and answers that come too late: one wins, the others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.db.models import F

from hospes.foundation import clock
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Challenge, Method, SignInStep
from hospes.identity.services.two_step import challenges, phones, steps
from hospes.identity.services.two_step.challenges import Answer, WrongNumber
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support.phones import Phone, give_phone
from support.racing import race

if TYPE_CHECKING:
    from hospes.identity.models import Account

ORIGIN = Origin(ip="192.0.2.10", user_agent="Firefox")
ROUNDS = 6


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


@pytest.fixture
def phone(account: Account) -> Phone:
    return give_phone(account)


def new_step(account: Account) -> SignInStep:
    account.refresh_from_db()
    step, _token = steps.begin(
        account,
        amr=("pwd",),
        browser=None,
        new_device=True,
        continue_to="/",
        application_name="",
        origin=ORIGIN,
    )
    return step


def ask(account: Account) -> Challenge:
    # Rounds of one test are not to count as refusals.
    Challenge.objects.update(created_at=F("created_at") - timedelta(hours=1))
    return challenges.begin(new_step(account), origin=ORIGIN)


def answer(phone: Phone, challenge: Challenge, word: str, number: str = "") -> Answer:
    view = {"uuid": challenge.public_id, "nonce": challenge.nonce}
    return Answer(challenge.public_id, phone.signature(view, word, number), number)


def approve(phone: Phone, challenge: Challenge) -> str:
    given = answer(phone, challenge, "approve", challenge.number)
    challenges.approve(phones.by_token(phone.token), given, origin=ORIGIN)
    return "approved"


def refuse(phone: Phone, challenge: Challenge) -> str:
    given = answer(phone, challenge, "refuse")
    challenges.refuse(phones.by_token(phone.token), given, origin=ORIGIN)
    return "refused"


def lost(result: Any) -> bool:
    return isinstance(result, Refused) and result.has("", "already_processed")


def test_yes_and_no_at_the_same_time(account: Account, phone: Phone) -> None:
    for _ in range(ROUNDS):
        challenge = ask(account)
        results = race(
            lambda n, c=challenge: approve(phone, c) if n % 2 else refuse(phone, c), threads=4
        )
        won = [result for result in results if isinstance(result, str)]
        assert len(won) == 1, results
        assert sum(map(lost, results)) == 3, results
        challenge.refresh_from_db()
        assert challenge.state == won[0]
        target = f"challenge:{challenge.public_id}"
        words = AuditEntry.objects.filter(target=target).values_list("action", flat=True)
        assert sorted(words) == [f"identity.challenge_{won[0]}", "identity.challenge_sent"]


def test_two_phones_say_yes_at_the_same_time(account: Account, phone: Phone) -> None:
    tablet = give_phone(account)
    for _ in range(ROUNDS):
        challenge = ask(account)
        results = race(lambda n, c=challenge: approve(phone if n % 2 else tablet, c), threads=4)
        assert sum(result == "approved" for result in results) == 1, results
        assert sum(map(lost, results)) == 3, results


def test_wrong_numbers_at_the_same_time_are_each_counted(account: Account, phone: Phone) -> None:
    challenge = ask(account)
    wrong = "11" if challenge.number != "11" else "12"

    def guess(_number: int) -> None:
        given = answer(phone, challenge, "approve", wrong)
        challenges.approve(phones.by_token(phone.token), given, origin=ORIGIN)

    results = race(guess, threads=6)
    assert sum(isinstance(result, WrongNumber) for result in results) == 2, results
    assert sum(map(lost, results)) == 4, results
    challenge.refresh_from_db()
    assert (challenge.state, challenge.wrong_numbers) == ("mismatched", 2)


def test_an_approval_is_spent_once(account: Account, phone: Phone) -> None:
    challenge = ask(account)
    approve(phone, challenge)
    step = SignInStep.objects.get(pk=challenge.step_id)

    def spend(_number: int) -> Method | None:
        with transaction.atomic():
            return challenges.spend(step)

    results = race(spend, threads=6)
    assert [result for result in results if result is not None] == [
        Method.objects.get(account=account)
    ]


def test_many_sign_ins_at_the_same_time_ask_no_more_than_the_limit(
    account: Account, phone: Phone
) -> None:
    waiting = [new_step(account) for _ in range(8)]
    results = race(lambda n: challenges.begin(waiting[n], origin=ORIGIN), threads=8)
    assert sum(isinstance(result, Challenge) for result in results) == 3, results
    refused = [result for result in results if isinstance(result, Refused)]
    assert [result.faults[0].code for result in refused] == ["only_others"] * 5
    assert Challenge.objects.count() == 3


def test_one_sign_in_has_one_open_question(account: Account, phone: Phone) -> None:
    step = new_step(account)
    results = race(lambda _n: challenges.begin(step, origin=ORIGIN), threads=3)
    assert all(isinstance(result, Challenge) for result in results), results
    states = Challenge.objects.filter(step=step).values_list("state", flat=True)
    assert sorted(states) == ["open", "withdrawn", "withdrawn"]


def test_answering_while_the_phone_is_removed(account: Account, phone: Phone) -> None:
    def remove() -> str:
        with transaction.atomic():
            Method.objects.filter(account=account, removed_at=None).update(removed_at=clock.now())
        return "removed"

    for _ in range(ROUNDS):
        Method.objects.update(removed_at=None)
        challenge = ask(account)
        results = race(lambda n, c=challenge: approve(phone, c) if n else remove(), threads=2)
        challenge.refresh_from_db()
        if results[1] == "approved":
            assert challenge.state == "approved"
        else:
            assert results[1].has("", "device_removed"), results
            assert (challenge.state, challenge.answered_at) == ("open", None)


def test_answering_while_the_sign_in_is_finished_in_another_way(
    account: Account, phone: Phone
) -> None:
    def finish(step_id: int) -> str:
        SignInStep.objects.filter(pk=step_id, finished_at=None).update(finished_at=clock.now())
        return "finished"

    for _ in range(ROUNDS):
        challenge = ask(account)
        step_id = challenge.step_id
        assert step_id is not None
        results = race(
            lambda n, c=challenge, s=step_id: approve(phone, c) if n else finish(s), threads=2
        )
        assert results[0] == "finished"
        challenge.refresh_from_db()
        if results[1] != "approved":
            assert lost(results[1]), results
            assert challenge.state == "open"
        # Whoever came first: this approval opens no second door.
        step = SignInStep.objects.select_related("account").get(pk=step_id)
        method = challenges.spend(step)
        if method is not None:
            with pytest.raises(Refused) as gone:
                steps.finish(step, amr=("swk",), method=method, trust=False, origin=ORIGIN)
            assert gone.value.has("", "gone")


def test_taking_back_while_it_is_answered(account: Account, phone: Phone) -> None:
    for _ in range(ROUNDS):
        challenge = ask(account)
        results = race(
            lambda n, c=challenge: approve(phone, c) if n else challenges.withdraw_all(account.pk),
            threads=2,
        )
        challenge.refresh_from_db()
        if results[1] == "approved":
            assert (challenge.state, results[0]) == ("approved", 0)
        else:
            assert lost(results[1]), results
            assert (challenge.state, results[0]) == ("withdrawn", 1)
