"""Approval on the phone (CIBA) on the hot plane, on both databases: what reaches a phone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import KEYS
from joserfc import jwt

from hospes.connect.models import (
    Application,
    ApplicationEvent,
    ClientSecret,
)
from hospes.protocols.oauth.backchannel import Accepted, Question
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    import httpx
    from edge.world import World

from edge.test_backchannel import asker

ASK = "/oauth2/backchannel-authenticate"


def ask(world: World, application: Application, **changes: Any) -> httpx.Response:
    form = {
        "scope": "openid",
        "login_hint": "ada@customer.example",
        "client_id": application.client_id,
        "client_secret": world.secret_of(application),
        **changes,
    }
    return world.client.post(
        ASK,
        data={name: value for name, value in form.items() if value is not None},
        headers={"User-Agent": "till/1.0"},
    )


def test_a_question_is_handed_on_and_its_answer_back(world: World) -> None:
    application = asker(world)
    answer = ask(world, application, binding_message="Till 7", requested_expiry="60")
    assert answer.status_code == 200
    assert answer.json() == {"auth_req_id": "a" * 43, "expires_in": 300, "interval": 5}
    assert "no-store" in answer.headers["cache-control"]
    application.refresh_from_db()
    question = Question(
        frozenset({"openid"}),
        email="ada@customer.example",
        message="Till 7",
        requested_seconds=60,
    )
    assert world.questions == [
        (application.pk, application.revision, question, "192.0.2.1", "till/1.0")
    ]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"scope": "email"}, 400, "invalid_scope"),
        ({"login_hint": None}, 400, "invalid_request"),
        ({"id_token_hint": "e.y.J", "login_hint": None}, 400, "invalid_request"),
        ({"user_code": "1"}, 400, "invalid_request"),
        ({"binding_message": "x" * 200}, 400, "invalid_binding_message"),
    ],
)
def test_a_faulty_question_reaches_nobody(
    world: World, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = ask(world, asker(world), **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert world.questions == []


@pytest.mark.parametrize(
    "values", [{"backchannel_mode": ""}, {"type": "other"}, {"type": "mobile", "secrets_": ()}]
)
def test_only_who_may_asks(world: World, values: dict[str, Any]) -> None:
    secret = {"client_secret": None} if values.get("type") == "mobile" else {}
    answer = ask(world, asker(world, **values), **secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert world.questions == []


@pytest.mark.parametrize(("code", "status"), [("unknown_user_id", 400), ("access_denied", 403)])
def test_a_refusal_is_told_and_noted_for_the_owner(world: World, code: str, status: int) -> None:
    world.reply = OAuthError(code, "No.")
    application = asker(world)
    answer = ask(world, application)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    event = ApplicationEvent.objects.using(world.alias).get()
    assert (event.kind, event.account_id) == ("request_refused", None)
    assert event.detail == {"error": code, "reason": "No."}
    # Nothing of whom it was about.
    assert "ada" not in str(vars(event))
    world.log_has_room = False
    assert ask(world, application).status_code == status
    assert ApplicationEvent.objects.using(world.alias).count() == 1


def test_a_replaced_secret_asks_nobody_any_more(world: World) -> None:
    application = asker(world)
    assert ask(world, application).status_code == 200
    ClientSecret.objects.using(world.alias).filter(application=application).delete()
    world.reply = None
    assert ask(world, application).json()["error"] == "invalid_client"


def test_an_application_that_changed_is_looked_at_again(world: World) -> None:
    """The service says that what was kept is out of date; then it is loaded anew."""
    application = asker(world)
    world.reply = None
    answer = ask(world, application)
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert len(world.questions) == 3
    world.reply = Accepted("c" * 43, 30, 5)
    assert ask(world, application).json()["auth_req_id"] == "c" * 43


def test_an_id_token_of_ours_says_who_is_meant_and_no_other(world: World) -> None:
    application = asker(world)
    sub = str(uuid.uuid4())
    claims = {"iss": "https://hospes.test", "sub": sub, "aud": application.client_id, "exp": 1}

    def hint(**changes: Any) -> httpx.Response:
        header = {"alg": "RS256", "kid": "r"}
        sent = jwt.encode(header, {**claims, **changes}, KEYS["RS256"])
        return ask(world, application, login_hint=None, id_token_hint=sent)

    assert hint().status_code == 200
    assert world.questions[0][2].subject == sub
    for changes in ({"aud": str(uuid.uuid4())}, {"iss": "https://else.example"}, {"sub": 7}):
        answer = hint(**changes)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert len(world.questions) == 1


def test_it_is_posted_to(world: World) -> None:
    assert world.client.get(ASK).status_code == 405
