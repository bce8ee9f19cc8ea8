"""Pushed authorization requests (RFC 9126) on the hot plane, on both databases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import CALLBACK, NOW, NUMBERS

from hospes.connect.models import ApplicationEvent, PushedRequest, RedirectUri
from hospes.protocols.oauth import options, pkce, pushed
from hospes.protocols.oauth.clients import secret_hash
from hospes.protocols.oauth.options import ClientOptions

if TYPE_CHECKING:
    import httpx
    from edge.world import World

    from hospes.connect.models import Application

PAR = "/oauth2/par"


def app(world: World, said: ClientOptions | None = None, **values: Any) -> Application:
    application = world.app(options=options.write(said) if said else "", **values)
    world.make(RedirectUri, application=application, uri=CALLBACK)
    return application


def push(world: World, application: Application, **changes: str | None) -> httpx.Response:
    form = {
        "client_id": application.client_id,
        "client_secret": world.secret_of(application),
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": "st-1",
        "code_challenge": pkce.challenge_of("v" * 43),
        "code_challenge_method": "S256",
        **changes,
    }
    return world.client.post(PAR, data={k: v for k, v in form.items() if v is not None})


def rows(world: World) -> list[PushedRequest]:
    return list(PushedRequest.objects.using(world.alias).all())


@pytest.mark.standard("RFC 9126", "2.2")
def test_a_request_gets_a_name_and_stands_without_what_proved_it(world: World) -> None:
    application = app(world)
    answer = push(world, application, unknown="x")
    assert answer.status_code == 201
    assert "no-store" in answer.headers["cache-control"]
    told = answer.json()
    assert told["expires_in"] == 90
    name = told["request_uri"].removeprefix("urn:ietf:params:oauth:request_uri:")
    assert len(name) == 43
    [row] = rows(world)
    assert (row.uri_hash, row.application_id) == (secret_hash(name), application.pk)
    assert (row.created_at, row.expires_at, row.used_at) == (NOW, NOW + 90, None)
    kept = pushed.kept(row.parameters)
    assert (kept.client_id, kept.scope, kept.pushed) == (
        application.client_id,
        "openid email",
        True,
    )
    assert set(json.loads(row.parameters)["sent"]) == {
        *("client_id", "redirect_uri", "response_type", "scope", "state"),
        *("code_challenge", "code_challenge_method"),
    }
    assert world.secret_of(application) not in row.parameters


@pytest.mark.standard("RFC 9126", "2.3")
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"request_uri": pushed.URN + "a" * 43}, 400, "invalid_request"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"response_type": "code id_token"}, 400, "unsupported_response_type"),
        ({"scope": "nothing"}, 400, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"dpop_jkt": "short"}, 400, "invalid_request"),
        ({"login_hint": "x" * 20_000}, 400, "invalid_request"),
    ],
)
def test_a_faulty_request_gets_no_name(
    world: World, changes: dict[str, str | None], status: int, code: str
) -> None:
    application = app(world)
    answer = push(world, application, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert rows(world) == []
    # Its owner reads why.
    assert ApplicationEvent.objects.using(world.alias).filter(application=application).exists()


def test_parameters_in_the_address_or_sent_twice_are_refused(world: World) -> None:
    application = app(world)
    form = f"client_id={application.client_id}&scope=openid&scope=email&redirect_uri={CALLBACK}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for address, body in ((f"{PAR}?scope=openid", ""), (PAR, form)):
        answer = world.client.post(address, content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert world.client.get(PAR).status_code == 405
    assert rows(world) == []


def test_another_applications_secret_pushes_nothing(world: World) -> None:
    mine, other = app(world), app(world)
    answer = push(world, mine, client_secret=world.secret_of(other))
    assert answer.status_code == 401
    assert rows(world) == []


def test_a_removed_address_is_refused_at_once(world: World) -> None:
    application = app(world)
    assert push(world, application).status_code == 201
    RedirectUri.objects.using(world.alias).filter(application=application).delete()
    assert push(world, application).json()["error"] == "invalid_request"
    assert len(rows(world)) == 1


def test_a_key_that_the_request_names_is_kept(world: World) -> None:
    push(world, app(world), dpop_jkt="k" * 43)
    assert rows(world)[0].bound_to == "jkt:" + "k" * 43


def test_the_lifetime_is_a_setting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NUMBERS, "connect.pushed_request_seconds", 30)
    assert push(world, app(world)).json()["expires_in"] == 30
    assert rows(world)[0].expires_at == NOW + 30


def test_who_needs_no_secret_may_not_fill_the_table(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NUMBERS, "connect.pushed_requests_per_minute", 2)
    application = app(world, type="mobile", secrets_=())
    codes = [push(world, application, client_secret=None).status_code for _ in range(3)]
    assert codes == [201, 201, 429]
    assert len(rows(world)) == 2
    world.now += 61
    assert push(world, application, client_secret=None).status_code == 201


def test_a_strict_profile_has_no_place_for_a_request_without_a_challenge(world: World) -> None:
    application = app(world, ClientOptions(profile="oauth21"), pkce_required=False)
    answer = push(world, application, code_challenge=None, code_challenge_method=None)
    assert answer.json()["error"] == "invalid_request"
    assert rows(world) == []
