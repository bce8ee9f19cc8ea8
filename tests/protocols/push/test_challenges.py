from __future__ import annotations

import itertools

import pytest

from hospes.protocols.push import challenges
from hospes.protocols.push.challenges import (
    TRANSITIONS,
    ChallengeView,
    IllegalMove,
    Move,
    Problem,
    State,
    Verdict,
)

OPEN = ChallengeView(State.OPEN, 300)
ENDED = [state for state in State if state is not State.OPEN]


def with_number(wrong: int = 0) -> ChallengeView:
    return ChallengeView(State.OPEN, 300, "47", wrong)


def approve(view: ChallengeView, number: str = "", *, now: int = 0, most: int = 2) -> Verdict:
    return challenges.approve(view, number, now=now, most_wrong=most)


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_only_moves_of_the_table_are_made(state: State, move: Move) -> None:
    if (state, move) in TRANSITIONS:
        assert challenges.moved(state, move) is not state
    else:
        with pytest.raises(IllegalMove):
            challenges.moved(state, move)


def test_only_an_open_one_moves_and_every_move_ends_it() -> None:
    assert {state for state, _ in TRANSITIONS} == {State.OPEN}
    assert {move for _, move in TRANSITIONS} == set(Move)
    assert State.OPEN not in TRANSITIONS.values()


def test_it_is_open_until_its_second() -> None:
    assert challenges.present(OPEN, now=299) is State.OPEN
    assert challenges.present(OPEN, now=300) is State.EXPIRED
    assert challenges.present(ChallengeView(State.APPROVED, 300), now=301) is State.APPROVED


def test_a_plain_yes_is_enough_where_no_number_is_asked() -> None:
    assert approve(OPEN) == Verdict(Move.APPROVE)


def test_a_yes_needs_the_number_of_the_browser() -> None:
    assert approve(with_number(), "47") == Verdict(Move.APPROVE)
    assert approve(with_number()) == Verdict(problem=Problem.NUMBER_MISSING)


@pytest.mark.parametrize("number", ["46", "4", "74", "٤٧", "047", "47 ", "\ud800"])
def test_a_wrong_number_is_counted(number: str) -> None:
    assert approve(with_number(), number) == Verdict(
        None, Problem.WRONG_NUMBER, wrong_number=True, tries_left=1
    )


def test_the_last_wrong_number_ends_it() -> None:
    assert approve(with_number(1), "46") == Verdict(
        Move.MISMATCH, Problem.WRONG_NUMBER, wrong_number=True, tries_left=0
    )
    assert approve(with_number(1), "47").move is Move.APPROVE
    assert approve(with_number(0), "46", most=1).move is Move.MISMATCH
    # The provider may lower the number while a challenge is open.
    assert approve(with_number(4), "46", most=2).move is Move.MISMATCH


@pytest.mark.parametrize("state", ENDED)
def test_an_ended_one_takes_no_answer(state: State) -> None:
    view = ChallengeView(state, 300, "47")
    problem = Problem.EXPIRED if state is State.EXPIRED else Problem.PROCESSED
    assert approve(view, "47") == Verdict(problem=problem)
    assert challenges.refuse(view, now=0) == Verdict(problem=problem)


def test_after_its_time_neither_yes_nor_no_counts() -> None:
    assert approve(with_number(), "47", now=300) == Verdict(problem=Problem.EXPIRED)
    assert challenges.refuse(OPEN, now=300) == Verdict(problem=Problem.EXPIRED)
    assert challenges.refuse(OPEN, now=299) == Verdict(Move.REFUSE)


def test_so_many_may_stay_unanswered() -> None:
    assert challenges.has_room(2, 3)
    assert not challenges.has_room(3, 3)
    assert not challenges.has_room(4, 3)
