"""How grants, codes and tokens may change. A move the tables do not hold raises."""

from __future__ import annotations

from enum import Enum


class IllegalMoveError(Exception):
    """The state does not allow that event; nothing has changed."""


class Grant(Enum):
    """One authorization."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Code(Enum):
    """An authorization code."""

    ISSUED = "issued"
    USED = "used"
    EXPIRED = "expired"


class Token(Enum):
    """An access or refresh token. Only refresh tokens rotate."""

    LIVE = "live"
    ROTATED = "rotated"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Event(Enum):
    """What happens to them."""

    REDEEM = "redeem"
    ISSUE = "issue"
    USE = "use"
    ROTATE = "rotate"
    EXPIRE = "expire"
    REVOKE = "revoke"


State = Grant | Code | Token

TABLE: dict[tuple[State, Event], State] = {
    (Grant.ACTIVE, Event.ISSUE): Grant.ACTIVE,
    (Grant.ACTIVE, Event.REVOKE): Grant.REVOKED,
    (Code.ISSUED, Event.REDEEM): Code.USED,
    (Code.ISSUED, Event.EXPIRE): Code.EXPIRED,
    (Token.LIVE, Event.USE): Token.LIVE,
    (Token.LIVE, Event.ROTATE): Token.ROTATED,
    (Token.LIVE, Event.EXPIRE): Token.EXPIRED,
    (Token.LIVE, Event.REVOKE): Token.REVOKED,
    (Token.ROTATED, Event.EXPIRE): Token.EXPIRED,
    (Token.ROTATED, Event.REVOKE): Token.REVOKED,
}


def move(state: State, event: Event) -> State:
    """Return the state after ``event``.

    Raises:
        IllegalMoveError: where the tables hold no such move.

    """
    try:
        return TABLE[state, event]
    except KeyError:
        raise IllegalMoveError(f"{state.value} does not allow {event.value}") from None


def grant_state(revoked_at: int | None) -> Grant:
    """Return the state of a grant row."""
    return Grant.ACTIVE if revoked_at is None else Grant.REVOKED


def code_state(*, used_at: int | None, expires_at: int, now: int) -> Code:
    """Return the state of a code row. A used code stays used after its time."""
    if used_at is not None:
        return Code.USED
    return Code.EXPIRED if now >= expires_at else Code.ISSUED


def token_state(
    *, revoked_at: int | None, expires_at: int | None, now: int, rotated_at: int | None = None
) -> Token:
    """Return the state of a token row; ``expires_at`` is ``None`` for one without end.

    A rotated token stays rotated after its time: using it again is still recognised.
    """
    if revoked_at is not None:
        return Token.REVOKED
    if rotated_at is not None:
        return Token.ROTATED
    return Token.EXPIRED if expires_at is not None and now >= expires_at else Token.LIVE
