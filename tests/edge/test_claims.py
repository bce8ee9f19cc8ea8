"""Claims asked for singly, at the token and the userinfo endpoint; on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from edge.test_refresh import refreshed
from edge.world import KEYS, NOW
from joserfc import jwt

from hospes.edge import person_statements
from hospes.protocols.oauth import claims_request

if TYPE_CHECKING:
    from edge.world import World

    from hospes.connect.models import Application

# What an ID token holds by itself.
OWN = {"iss", "sub", "aud", "iat", "exp", "acr", "at_hash", "auth_time", "amr", "nonce"}


@pytest.fixture
def application(world: World) -> Application:
    return world.app(pkce_required=False, id_token_alg="ES256")


def given(world: World, application: Application, claims: str, **values: Any) -> dict[str, Any]:
    """Redeem a code whose grant holds these claims."""
    text = claims_request.read(claims).text
    grant = world.grant(application, **{"scope": "openid", "claims": text, **values})
    answer = world.redeem(application, world.code(grant))
    assert answer.status_code == 200
    return dict(answer.json())


def in_id_token(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(jwt.decode(answer["id_token"], KEYS["ES256"]).claims)


def userinfo(world: World, token: str) -> dict[str, Any]:
    answer = world.client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return dict(answer.json())


def test_each_place_tells_what_was_asked_for_there_and_no_more(
    world: World, application: Application
) -> None:
    account = world.account(recovery_phone="+41220000000", picture="abc")
    answer = given(
        world,
        application,
        '{"userinfo":{"given_name":{"essential":true},"email_verified":null},'
        '"id_token":{"email":null,"picture":null,"phone_number":{"value":"+1"},"groups":null}}',
        account=account,
    )
    assert answer["scope"] == "openid"
    assert userinfo(world, answer["access_token"]) == {
        "sub": account.public_id, "given_name": "Ada", "email_verified": True,
    }  # fmt: skip
    told = in_id_token(answer)
    assert set(told) - OWN == {"email", "picture", "phone_number", "groups"}
    assert told["email"] == account.email
    assert told["picture"] == "https://hospes.test/pictures/abc"
    # What is true is told, whatever value was asked for.
    assert told["phone_number"] == "+41220000000"


def test_what_is_not_known_is_not_told(world: World, application: Application) -> None:
    answer = given(
        world,
        application,
        '{"userinfo":{"phone_number":{"essential":true},"phone_number_verified":null},'
        '"id_token":{"picture":{"essential":true}}}',
    )
    assert set(userinfo(world, answer["access_token"])) == {"sub"}
    assert set(in_id_token(answer)) == OWN


def test_claims_come_on_top_of_the_scopes(world: World, application: Application) -> None:
    answer = given(world, application, '{"userinfo":{"locale":null}}', scope="openid email")
    assert set(userinfo(world, answer["access_token"])) == {
        "sub", "email", "email_verified", "locale",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("acr", "amr", "told"),
    [
        ('{"essential":true,"values":["1"]}', "pwd otp mfa", "1"),
        ('{"essential":true,"values":["1","2"]}', "pwd otp mfa", "2"),
        ('{"essential":true,"values":["2","1"]}', "pwd", "1"),
        ('{"values":["1"]}', "pwd otp mfa", "2"),
        ("null", "pwd", "1"),
    ],
)
def test_an_essential_context_is_the_one_told(
    world: World, application: Application, acr: str, amr: str, told: str
) -> None:
    answer = given(world, application, f'{{"id_token":{{"acr":{acr},"auth_time":null}}}}', amr=amr)
    claims = in_id_token(answer)
    assert (claims["acr"], claims["auth_time"]) == (told, NOW - 100)
    assert set(claims) == OWN


def test_a_refresh_tells_the_same_again(world: World, application: Application) -> None:
    first = given(
        world,
        application,
        '{"userinfo":{"name":null},"id_token":{"email":null,'
        '"acr":{"essential":true,"values":["1"]}}}',
        scope="offline_access openid",
        amr="pwd otp mfa",
    )
    second = refreshed(world, application, first["refresh_token"]).json()
    retried = refreshed(world, application, first["refresh_token"]).json()
    for answer in (second, retried):
        told = in_id_token(answer)
        assert told["email"] == in_id_token(first)["email"]
        assert told["acr"] == "1"
        assert userinfo(world, answer["access_token"])["name"] == "Ada Lovelace"


def test_a_token_narrowed_at_a_refresh_tells_its_scopes_alone(
    world: World, application: Application
) -> None:
    first = given(
        world,
        application,
        '{"userinfo":{"name":null}}',
        scope="email offline_access openid",
    )
    narrowed = refreshed(world, application, first["refresh_token"], scope="openid").json()
    assert set(userinfo(world, narrowed["access_token"])) == {"sub"}
    whole = refreshed(world, application, narrowed["refresh_token"]).json()
    assert set(userinfo(world, whole["access_token"])) == {
        "sub", "email", "email_verified", "name",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "asked"),
    [
        ("{}", 0),
        ('{"userinfo":{"name":null},"id_token":{"sub":null,"auth_time":null}}', 0),
        ('{"id_token":{"name":null}}', 1),
    ],
)
def test_the_person_is_loaded_only_for_an_id_token_that_tells_of_them(
    world: World,
    application: Application,
    monkeypatch: pytest.MonkeyPatch,
    claims: str,
    asked: int,
) -> None:
    calls: list[int] = []
    load = person_statements.grant_person

    def counted(connection: Any, grant_id: int, **options: Any) -> Any:
        calls.append(grant_id)
        return load(connection, grant_id, **options)

    monkeypatch.setattr(person_statements, "grant_person", counted)
    given(world, application, claims)
    assert len(calls) == asked
