"""A challenge to a phone: the moves it can make, and what an answer does to it.

Only an open challenge moves, and every move ends it. Instants are whole seconds since 1970.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class State(StrEnum):
    """Where a challenge stands; ``MISMATCHED``: too many wrong numbers were typed."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    MISMATCHED = "mismatched"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a challenge."""

    APPROVE = "approve"
    REFUSE = "refuse"
    MISMATCH = "mismatch"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"


class Problem(StrEnum):
    """Why an answer was not taken, as the phone is told."""

    PROCESSED = "already_processed"
    EXPIRED = "expired"
    NUMBER_MISSING = "number_required"
    WRONG_NUMBER = "wrong_number"


TRANSITIONS: Mapping[tuple[State, Move], State] = {
    (State.OPEN, Move.APPROVE): State.APPROVED,
    (State.OPEN, Move.REFUSE): State.REFUSED,
    (State.OPEN, Move.MISMATCH): State.MISMATCHED,
    (State.OPEN, Move.EXPIRE): State.EXPIRED,
    (State.OPEN, Move.WITHDRAW): State.WITHDRAWN,
}


class IllegalMove(Exception):
    """The challenge cannot move so; nothing has changed."""


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """What the rules need to know. ``number`` is ``""`` where a plain yes is enough."""

    state: State
    expires_at: int
    number: str = ""
    wrong_numbers: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer does: the move it makes, if any, and the problem to tell, if any.

    ``wrong_number`` says that one more wrong number is to be counted; ``tries_left`` how many
    may follow.
    """

    move: Move | None = None
    problem: Problem | None = None
    wrong_number: bool = False
    tries_left: int = 0


def moved(state: State, move: Move) -> State:
    """Return the state after ``move``.

    Raises:
        IllegalMove: from this state there is no such move.

    """
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise IllegalMove(f"{move} a challenge that is {state}") from None


def present(view: ChallengeView, *, now: int) -> State:
    """Return the state as it is now: an open challenge past its time has expired."""
    if view.state is State.OPEN and view.expires_at <= now:
        return State.EXPIRED
    return view.state


def approve(view: ChallengeView, number: str, *, now: int, most_wrong: int) -> Verdict:
    """Judge a YES; the phone's signature has been checked before.

    ``most_wrong`` wrong numbers end the challenge: two digits must not be guessed.
    """
    closed = _closed(view, now)
    if closed is not None:
        return closed
    if not view.number:
        return Verdict(Move.APPROVE)
    if not number:
        return Verdict(problem=Problem.NUMBER_MISSING)
    if hmac.compare_digest(view.number.encode(), number.encode("utf-8", "surrogatepass")):
        return Verdict(Move.APPROVE)
    left = max(0, most_wrong - view.wrong_numbers - 1)
    return Verdict(
        None if left else Move.MISMATCH,
        Problem.WRONG_NUMBER,
        wrong_number=True,
        tries_left=left,
    )


def refuse(view: ChallengeView, *, now: int) -> Verdict:
    """Judge a NO."""
    return _closed(view, now) or Verdict(Move.REFUSE)


def _closed(view: ChallengeView, now: int) -> Verdict | None:
    state = present(view, now=now)
    if state is State.OPEN:
        return None
    late = state is State.EXPIRED
    return Verdict(problem=Problem.EXPIRED if late else Problem.PROCESSED)


def has_room(unanswered: int, most: int) -> bool:
    """Return whether one more may be asked: so many were refused or left unanswered lately."""
    return unanswered < most


def purpose_of(*, is_sign_in: bool) -> str:
    """Return what a phone is told that it is asked for: a sign-in, or an application's request.

    A plain yes to a sign-in that somebody else began must not be mistaken for one at a till.
    """
    return "sign_in" if is_sign_in else "request"
