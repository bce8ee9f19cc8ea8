from __future__ import annotations

import itertools

import pytest

from hospes.protocols.oauth.transitions import (
    TABLE,
    Code,
    Event,
    Grant,
    IllegalMoveError,
    Token,
    code_state,
    grant_state,
    move,
    token_state,
)

EVERY_MOVE = list(itertools.product([*Grant, *Code, *Token], Event))


@pytest.mark.parametrize(("state", "event"), EVERY_MOVE)
def test_only_moves_of_the_table_are_made(state: Grant | Code | Token, event: Event) -> None:
    if (state, event) in TABLE:
        assert type(move(state, event)) is type(state)
    else:
        with pytest.raises(IllegalMoveError):
            move(state, event)


@pytest.mark.parametrize("state", [Grant.REVOKED, Code.USED, Code.EXPIRED, Token.REVOKED])
def test_an_end_is_an_end(state: Grant | Code | Token) -> None:
    assert not [event for event in Event if (state, event) in TABLE]


def test_a_code_lives_until_its_second() -> None:
    assert code_state(used_at=None, expires_at=60, now=59) is Code.ISSUED
    assert code_state(used_at=None, expires_at=60, now=60) is Code.EXPIRED
    assert code_state(used_at=1, expires_at=60, now=61) is Code.USED


def test_a_token_lives_until_its_second_or_for_ever() -> None:
    assert token_state(revoked_at=None, expires_at=60, now=59) is Token.LIVE
    assert token_state(revoked_at=None, expires_at=60, now=60) is Token.EXPIRED
    assert token_state(revoked_at=None, expires_at=None, now=10**10) is Token.LIVE
    assert token_state(revoked_at=1, expires_at=None, now=2) is Token.REVOKED


def test_a_grant_is_active_until_revoked() -> None:
    assert grant_state(None) is Grant.ACTIVE
    assert grant_state(0) is Grant.REVOKED
