"""Refresh tokens over HTTP: rotation, the retry, reuse; on both databases."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import KEYS, NOW
from joserfc import jwt

from hospes.connect.models import ApplicationEvent, Grant, Token
from hospes.edge.sqlite import SqliteDatabase
from hospes.protocols.oauth.clients import secret_hash

if TYPE_CHECKING:
    import httpx
    from edge.world import World

    from hospes.connect.models import Application

SCOPE = "openid email offline_access"


def refreshed(world: World, application: Application, token: str, **changes: Any) -> httpx.Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": application.client_id,
        "client_secret": world.secret_of(application),
        **changes,
    }
    return world.client.post("/token", data={k: v for k, v in form.items() if v is not None})


@pytest.fixture
def application(world: World) -> Application:
    return world.app(pkce_required=False, id_token_alg="ES256")


@pytest.fixture
def first(world: World, application: Application) -> dict[str, Any]:
    answer = world.redeem(application, world.code(world.grant(application, scope=SCOPE)))
    assert answer.status_code == 200
    return dict(answer.json())


def userinfo(world: World, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return world.client.get("/oauth2/userinfo", headers=headers).status_code


def test_only_offline_access_gives_a_refresh_token(world: World, application: Application) -> None:
    answer = world.redeem(application, world.code(world.grant(application)))
    assert "refresh_token" not in answer.json()
    assert Token.objects.using(world.alias).filter(kind="refresh").count() == 0


def test_a_refresh_token_rotates(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    world.now += 100
    answer = refreshed(world, application, first["refresh_token"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["refresh_token"] != first["refresh_token"]
    assert told["access_token"] != first["access_token"]
    assert (told["scope"], told["expires_in"], told["token_type"]) == (SCOPE, 7200, "Bearer")
    claims = jwt.decode(told["id_token"], KEYS["ES256"]).claims
    assert (claims["iat"], claims["auth_time"]) == (NOW + 100, NOW - 100)
    assert "nonce" not in claims
    assert userinfo(world, told["access_token"]) == 200
    # The database holds none of it in clear.
    rows = str(list(Token.objects.using(world.alias).values()))
    assert told["refresh_token"] not in rows
    assert told["access_token"] not in rows


def test_a_retry_within_ten_seconds_gets_the_same_answer(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    one = refreshed(world, application, first["refresh_token"]).json()
    before = world.snapshot()
    world.now += 10
    two = refreshed(world, application, first["refresh_token"]).json()
    assert {name: two[name] for name in ("access_token", "refresh_token", "scope")} == {
        name: one[name] for name in ("access_token", "refresh_token", "scope")
    }
    assert two["expires_in"] == 7190
    assert jwt.decode(two["id_token"], KEYS["ES256"]).claims["iat"] == NOW
    assert world.snapshot() == before


def test_reuse_after_that_ends_the_family_and_tells_the_owner(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    second = refreshed(world, application, first["refresh_token"]).json()
    world.now += 11
    answer = refreshed(world, application, first["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert userinfo(world, second["access_token"]) == 401
    assert refreshed(world, application, second["refresh_token"]).status_code == 400
    [grant] = Grant.objects.using(world.alias)
    assert grant.revoked_at == NOW + 11
    kinds = (
        ApplicationEvent.objects.using(world.alias).order_by("id").values_list("kind", flat=True)
    )
    assert list(kinds) == ["reuse_detected", "token_refused"]


def test_a_retry_after_the_successor_was_used_is_reuse(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    second = refreshed(world, application, first["refresh_token"]).json()
    assert refreshed(world, application, second["refresh_token"]).status_code == 200
    assert refreshed(world, application, first["refresh_token"]).status_code == 400
    [grant] = Grant.objects.using(world.alias)
    assert grant.revoked_at == NOW


def test_another_application_cannot_use_it_and_changes_nothing(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    thief = world.app(pkce_required=False)
    before = world.snapshot()
    for _ in range(2):
        answer = refreshed(world, thief, first["refresh_token"])
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert world.snapshot() == before
    assert refreshed(world, application, first["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": None}, "invalid_request"),
        ({"refresh_token": "hsp_rt_unknown"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"scope": 'op"en'}, "invalid_scope"),
    ],
)
def test_a_wrong_request_changes_nothing(
    world: World,
    application: Application,
    first: dict[str, Any],
    changes: dict[str, Any],
    error: str,
) -> None:
    before = world.snapshot()
    answer = refreshed(world, application, first["refresh_token"], **changes)
    assert answer.json()["error"] == error
    assert world.snapshot() == before


def test_an_access_token_is_no_refresh_token(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    before = world.snapshot()
    assert refreshed(world, application, first["access_token"]).status_code == 400
    headers = {"Authorization": f"Bearer {first['refresh_token']}"}
    assert world.client.get("/oauth2/userinfo", headers=headers).status_code == 401
    assert world.snapshot() == before


def test_less_may_be_asked_and_all_comes_back_next_time(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    less = refreshed(world, application, first["refresh_token"], scope="email").json()
    assert less["scope"] == "email"
    assert "id_token" not in less
    again = refreshed(world, application, less["refresh_token"]).json()
    assert again["scope"] == SCOPE


@pytest.mark.parametrize("ending", ["expired", "revoked", "closed"])
def test_what_has_ended_is_refused(
    world: World, application: Application, first: dict[str, Any], ending: str
) -> None:
    [grant] = Grant.objects.using(world.alias)
    if ending == "expired":
        world.now += 60 * 86_400
    elif ending == "revoked":
        Grant.objects.using(world.alias).update(revoked_at=NOW)
    else:
        type(grant.account).objects.using(world.alias).update(state="closed")
    before = world.snapshot()
    answer = refreshed(world, application, first["refresh_token"])
    assert answer.json()["error"] == "invalid_grant"
    assert world.snapshot() == before


def test_a_replaced_secret_stops_at_the_very_next_request(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    second = refreshed(world, application, first["refresh_token"]).json()
    application.secrets.all().delete()
    answer = refreshed(world, application, second["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    world.secret(application, "new")
    answer = refreshed(
        world,
        application,
        second["refresh_token"],
        client_secret=world.secret_of(application, "new"),
    )
    assert answer.status_code == 200


def test_two_who_come_at_once_get_the_same_tokens(
    world: World, application: Application, first: dict[str, Any]
) -> None:
    barrier = threading.Barrier(4)
    answers: list[httpx.Response] = []

    def refresh() -> None:
        barrier.wait()
        try:
            answers.append(refreshed(world, application, first["refresh_token"]))
        finally:
            if isinstance(world.database, SqliteDatabase):
                world.database.close()

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not world.failures
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert Token.objects.using(world.alias).count() == 4
    hashes = set(Token.objects.using(world.alias).values_list("token_hash", flat=True))
    assert secret_hash(answers[0].json()["access_token"]) in hashes


def test_a_mobile_application_refreshes_without_a_secret(world: World, verifier: str) -> None:
    application = world.app(secrets_=(), type="mobile")
    code = world.code(world.grant(application, scope=SCOPE), verifier=verifier)
    told = world.redeem(application, code, verifier=verifier, client_secret=None).json()
    answer = refreshed(world, application, told["refresh_token"], client_secret=None)
    assert answer.status_code == 200
