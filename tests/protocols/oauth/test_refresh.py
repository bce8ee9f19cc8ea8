from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit.ids import base62
from hospes.protocols.oauth.clients import ClientView, Credentials
from hospes.protocols.oauth.grants import refreshing as refresh
from hospes.protocols.oauth.grants.refreshing import (
    RefreshRequest,
    RefreshView,
    Repeat,
    Rotate,
    Successor,
    successors,
)
from hospes.protocols.oauth.issuing import Denied

NOW = 1_000_000
WEB = ClientView("web-1", "web")
REQUEST = RefreshRequest(Credentials("web-1", "client_secret_post", "x"), "hsp_rt_1")
LIVE = RefreshView("web-1", "openid email offline_access", NOW + 60, None, None, None, "active")
ROTATED = replace(LIVE, rotated_at=NOW - 5, salt="salt")


def decide(
    token: RefreshView | None,
    request: RefreshRequest = REQUEST,
    client: ClientView = WEB,
    now: int = NOW,
) -> Rotate | Repeat | Denied:
    return refresh.decide(request, client, token, now=now, retry_seconds=10)


def error(decision: Rotate | Repeat | Denied) -> tuple[str, bool]:
    assert isinstance(decision, Denied)
    return decision.error.code, decision.revoke


def test_a_living_token_rotates_with_all_it_was_granted() -> None:
    assert decide(LIVE) == Rotate("openid email offline_access")
    assert decide(replace(LIVE, expires_at=None)) == Rotate(LIVE.scope)


@pytest.mark.parametrize(
    ("scope", "given"),
    [("email", "email"), ("offline_access openid", "openid offline_access"), ("  ", "")],
)
def test_less_may_be_asked(scope: str, given: str) -> None:
    assert decide(LIVE, replace(REQUEST, scope=scope)) == Rotate(given)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        (None, ("invalid_grant", False)),
        (replace(LIVE, client_id="web-2"), ("invalid_grant", False)),
        (replace(ROTATED, client_id="web-2", rotated_at=1), ("invalid_grant", False)),
        (replace(LIVE, expires_at=NOW), ("invalid_grant", False)),
        (replace(LIVE, revoked_at=NOW), ("invalid_grant", False)),
        (replace(LIVE, grant_revoked_at=NOW), ("invalid_grant", False)),
        (replace(LIVE, account_state="deleted"), ("invalid_grant", False)),
        (replace(ROTATED, rotated_at=NOW - 11), ("invalid_grant", True)),
        (replace(ROTATED, rotated_at=NOW + 11), ("invalid_grant", True)),
        (replace(ROTATED, rotated_at=1, expires_at=2), ("invalid_grant", True)),
        (replace(ROTATED, rotated_at=1, grant_revoked_at=2), ("invalid_grant", False)),
    ],
)
def test_what_is_refused_and_what_ends_with_it(
    token: RefreshView | None, told: tuple[str, bool]
) -> None:
    assert error(decide(token)) == told


def test_more_than_was_granted_is_refused() -> None:
    assert error(decide(LIVE, replace(REQUEST, scope="phone"))) == ("invalid_scope", False)


def test_a_machine_has_none() -> None:
    assert error(decide(LIVE, client=ClientView("web-1", "other")))[0] == "unauthorized_client"


@given(st.integers(-30, 30))
def test_a_retry_is_one_only_within_the_window(after: int) -> None:
    decision = decide(ROTATED, now=NOW - 5 + after)
    if abs(after) <= 10:
        assert decision == Repeat("salt", NOW - 5)
    else:
        assert error(decision) == ("invalid_grant", True)


FRESH = Successor("openid", NOW + 60, None, None)


@pytest.mark.parametrize(
    ("access", "successor", "told"),
    [
        (None, FRESH, ("invalid_grant", True)),
        (FRESH, None, ("invalid_grant", True)),
        (FRESH, replace(FRESH, rotated_at=NOW), ("invalid_grant", True)),
        (FRESH, replace(FRESH, revoked_at=NOW), ("invalid_grant", False)),
        (replace(FRESH, revoked_at=NOW), FRESH, ("invalid_grant", False)),
    ],
)
def test_an_answer_whose_tokens_were_touched_is_not_given_again(
    access: Successor | None, successor: Successor | None, told: tuple[str, bool]
) -> None:
    assert error(refresh.decide_repeat(REQUEST, access, successor)) == told


def test_an_answer_is_given_again_for_the_same_scope_only() -> None:
    assert refresh.decide_repeat(REQUEST, FRESH, FRESH) == Rotate("openid")
    other = replace(REQUEST, scope="email")
    assert error(refresh.decide_repeat(other, FRESH, FRESH)) == ("invalid_scope", False)


@given(st.text(min_size=1), st.text(), st.text(min_size=1), st.text())
def test_successors_follow_from_both_and_from_nothing_less(
    token: str, salt: str, other_token: str, other_salt: str
) -> None:
    made = successors(token, salt, name=base62)
    assert made == successors(token, salt, name=base62)
    assert made.access_token.removeprefix("hsp_at_") != made.refresh_token.removeprefix("hsp_rt_")
    assert len(made.refresh_token) == len("hsp_rt_") + 43
    # HMAC pads a short key with NULs and hashes a long one (RFC 2104 §2); tokens hold none.
    if (token.rstrip("\0"), salt) != (other_token.rstrip("\0"), other_salt):
        assert made != successors(other_token, other_salt, name=base62)
