"""The second step's waiting on the hot plane, on both databases: what it tells, and what not."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import MOMENT, NOW

from hospes.identity.domain.tokens import fingerprint
from hospes.identity.models import Authenticator, Challenge, Method, SignInStep

if TYPE_CHECKING:
    from edge.world import World

    from hospes.identity.models import Account

STATE = "/sign-in/verify/state"
CHALLENGES = "/api/2fa/push/challenges"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


def step(world: World, account: Account, **values: Any) -> tuple[SignInStep, str]:
    token = secrets.token_urlsafe(16)
    made = world.make(
        SignInStep,
        **{
            "public_id": str(uuid.uuid4()),
            "token_hash": fingerprint(token),
            "account": account,
            "password_changed_at": MOMENT,
            "created_at": MOMENT,
            "expires_at": MOMENT + timedelta(minutes=10),
            **values,
        },
    )
    return made, token


def challenge(world: World, account: Account, **values: Any) -> Challenge:
    return world.make(  # type: ignore[no-any-return]  # it makes any row
        Challenge,
        **{
            "public_id": str(uuid.uuid4()),
            "account": account,
            "nonce": "n" * 43,
            "number": "47",
            "application_name": "Ada's notes",
            "ip": "203.0.113.9",
            "user_agent": AGENT,
            "place": "Lausanne, Switzerland",
            "created_at": MOMENT,
            "expires_at": MOMENT + timedelta(minutes=5, microseconds=700_000),
            **values,
        },
    )


def phone(world: World, account: Account, **values: Any) -> str:
    token = f"hsp_dev_{secrets.token_hex(20)}"
    method = world.make(
        Method,
        **{
            "public_id": str(uuid.uuid4()),
            "account": account,
            "kind": "authenticator",
            "name": "Phone",
            "created_at": MOMENT,
            "confirmed_at": MOMENT,
            **values,
        },
    )
    world.make(Authenticator, method=method, token_hash=fingerprint(token), public_key="{}")
    return token


def state(world: World, cookie: str) -> dict[str, Any]:
    answer = world.client.get(STATE, headers={"Cookie": f"a=b; __Host-step={cookie}; c=d"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def ask(world: World, token: str) -> Any:
    answer = world.client.get(CHALLENGES, headers={"Authorization": f"Bearer {token}"})
    assert answer.headers["cache-control"] == "no-store"
    return answer


# ---- the browser -------------------------------------------------------------------------------


@pytest.mark.parametrize("word", list(Challenge.State.values))
def test_the_browser_is_told_how_its_phone_answered(world: World, word: str) -> None:
    account = world.account()
    made, cookie = step(world, account)
    challenge(world, account, step=made, state=word)
    assert state(world, cookie) == {"state": word, "expires_in": 300}


def test_the_newest_question_counts(world: World) -> None:
    account = world.account()
    made, cookie = step(world, account)
    assert state(world, cookie) == {"state": "none", "expires_in": 600}
    challenge(world, account, step=made, state="withdrawn")
    challenge(world, account, step=made)
    other, _cookie = step(world, account)
    challenge(world, account, step=other, state="approved")
    assert state(world, cookie)["state"] == "open"


def test_time_passes(world: World) -> None:
    account = world.account()
    made, cookie = step(world, account)
    challenge(world, account, step=made)
    world.now = NOW + 299
    assert state(world, cookie) == {"state": "open", "expires_in": 1}
    world.now = NOW + 300
    assert state(world, cookie) == {"state": "expired", "expires_in": 0}
    world.now = NOW + 600
    assert state(world, cookie) == {"state": "gone", "expires_in": 0}


def test_a_finished_or_unknown_sign_in_tells_nothing(world: World) -> None:
    account = world.account()
    made, cookie = step(world, account, finished_at=MOMENT)
    challenge(world, account, step=made, state="approved")
    gone = {"state": "gone", "expires_in": 0}
    for value in (cookie, "nonsense", "", "x" * 5000, made.public_id, made.token_hash):
        assert state(world, value) == gone
    assert world.client.get(STATE).json() == gone
    answer = world.client.get(STATE, headers={"Cookie": f"step={cookie}; __Host-step"})
    assert answer.json() == gone


def test_nothing_but_looking(world: World) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert world.client.request(method, STATE).status_code == 405
    # Answers to a phone are the page plane's.
    path = f"{CHALLENGES}/{uuid.uuid4()}"
    assert world.client.get(path).text == f"page {path}"


# ---- the phone ---------------------------------------------------------------------------------


def test_the_phone_is_told_what_it_is_asked(world: World) -> None:
    account = world.account()
    token = phone(world, account)
    assert ask(world, token).json() == {"result": "success", "data": None}
    made, _cookie = step(world, account)
    asked = challenge(world, account, step=made)
    assert ask(world, token).json() == {
        "result": "success",
        "data": {
            "uuid": asked.public_id,
            "type": "approval",
            "purpose": "sign_in",
            "account": {"id": account.public_id, "email": account.email},
            "application": "Ada's notes",
            "message": "",
            "browser": "Firefox on Windows",
            "device": {"name": "Firefox on Windows", "type": "computer"},
            "location": "Lausanne, Switzerland",
            "ip": "203.0.113.9",
            "created_at": NOW,
            "expires_at": NOW + 300,
            "nonce": "n" * 43,
            "number_required": True,
        },
    }


def test_of_several_the_newest_open_one_is_told(world: World) -> None:
    account = world.account()
    token = phone(world, account)
    first, _cookie = step(world, account)
    second, _cookie = step(world, account)
    asked = challenge(world, account, step=first, number="")
    challenge(world, account, step=second, state="refused")
    finished, _cookie = step(world, account, finished_at=MOMENT)
    challenge(world, account, step=finished)
    challenge(world, world.account(), step=None)
    found = ask(world, token).json()["data"]
    assert (found["uuid"], found["number_required"]) == (asked.public_id, False)
    # One without a sign-in (a backchannel request) comes after it: somebody waits at the other.
    other = challenge(world, account, backchannel_id="b", message="Pay 5 francs?")
    assert ask(world, token).json()["data"]["uuid"] == asked.public_id
    asked.state = "refused"
    asked.save(using=world.alias)
    assert ask(world, token).json()["data"]["uuid"] == other.public_id
    # A sign-in that was given up stays open in its row for a while, and hides nothing.
    challenge(world, account, step=step(world, account)[0], expires_at=MOMENT)
    # Nor does a short question hide a longer one that came before it.
    brief = challenge(world, account, backchannel_id="c", expires_at=MOMENT + timedelta(minutes=1))
    assert ask(world, token).json()["data"]["uuid"] == brief.public_id
    world.now = NOW + 60
    told = ask(world, token).json()["data"]
    assert told["uuid"] == other.public_id
    # Nobody signs in: the phone has to say so.
    assert (told["purpose"], told["message"]) == ("request", "Pay 5 francs?")
    world.now = NOW + 301
    assert ask(world, token).json()["data"] is None


@pytest.mark.parametrize(
    ("method", "account_state", "code"),
    [
        ({"removed_at": MOMENT}, "active", "device_removed"),
        ({}, "deleted", "device_removed"),
        ({}, "locked", "not_authorized"),
        ({"confirmed_at": None}, "active", "not_authorized"),
    ],
)
def test_who_may_not_answer_is_told_nothing(
    world: World, method: dict[str, Any], account_state: str, code: str
) -> None:
    account = world.account(state=account_state)
    token = phone(world, account, **method)
    challenge(world, account)
    answer = ask(world, token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert account.email not in answer.text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic x", "Bearer " + "x" * 500])
def test_without_a_phones_token(world: World, header: str) -> None:
    phone(world, world.account())
    answer = world.client.get(CHALLENGES, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authorized")


def test_the_two_questions_cost_one_statement_each(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = world.account()
    token = phone(world, account)
    made, cookie = step(world, account)
    challenge(world, account, step=made)
    asked: list[str] = []
    with world.database.reading() as connection:
        kind = type(connection)

    def counted(genuine: Any) -> Any:
        def ask_it(self: Any, sql: str, *values: object) -> Any:
            asked.append(sql)
            return genuine(self, sql, *values)

        return ask_it

    for name in ("row", "rows"):
        monkeypatch.setattr(kind, name, counted(getattr(kind, name)))
    assert ask(world, token).json()["data"]
    assert len(asked) == 1
    assert state(world, cookie)["state"] == "open"
    assert len(asked) == 2
