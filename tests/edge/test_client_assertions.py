"""Applications that prove themselves with a key, at every endpoint; on both databases."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import ISSUER, NOW

from hospes.connect.models import Application, ApplicationEvent, Token
from hospes.edge.sqlite import SqliteDatabase
from hospes.protocols.oauth import options
from hospes.protocols.oauth.options import ClientOptions
from support.signing import OTHER, PRIVATE, assertion, assertion_form, key_set

if TYPE_CHECKING:
    import httpx
    from edge.world import World

SAME_WORDS = {
    "error": "invalid_client",
    "error_description": "The client is unknown or its authentication failed.",
}
ENDPOINTS = (
    ("/token", {"grant_type": "client_credentials"}),
    ("/oauth2/introspect", {"token": "hsp_at_x"}),
    ("/oauth2/revoke", {"token": "hsp_at_x"}),
)


def said(**values: Any) -> str:
    return options.write(
        ClientOptions(
            token_endpoint_auth_method="private_key_jwt",
            **{"jwks": key_set("ES256", "PS256", "RS256"), **values},
        )
    )


@pytest.fixture
def machine(world: World) -> Application:
    return world.app(type="other", options=said())


def send(world: World, path: str, token: str, form: dict[str, str], **more: str) -> httpx.Response:
    return world.client.post(path, data={**assertion_form(token), **form, **more})


def made(application: Application, audience: object = ISSUER, **changes: Any) -> str:
    return assertion(application.client_id, audience, now=NOW, **changes)


def ask(world: World, token: str, **more: str) -> httpx.Response:
    return send(world, "/token", token, {"grant_type": "client_credentials"}, **more)


def reasons(world: World, application: Application) -> list[str]:
    events = ApplicationEvent.objects.using(world.alias).filter(application=application)
    return [event.detail["reason"] for event in events.order_by("pk")]


@pytest.mark.standard("RFC 7523", "2.2")
@pytest.mark.parametrize(("path", "form"), ENDPOINTS)
def test_a_key_opens_every_endpoint_that_a_secret_opens(
    world: World, machine: Application, path: str, form: dict[str, str]
) -> None:
    for audience in (ISSUER, f"{ISSUER}/token", ISSUER + path, [ISSUER]):
        assert send(world, path, made(machine, audience), form).status_code == 200
    assert send(world, path, made(machine), form, client_id=machine.client_id).status_code == 200
    assert reasons(world, machine) == []


def test_a_phone_is_asked_by_a_key_too(world: World) -> None:
    till = world.app(backchannel_mode="poll", options=said())
    path = "/oauth2/backchannel-authenticate"
    form = {"scope": "openid", "login_hint": "a@b.example"}
    assert send(world, path, made(till, ISSUER + path), form).status_code == 200
    assert send(world, path, made(till, key=OTHER["ES256"]), form).json() == SAME_WORDS
    assert len(world.questions) == 1


@pytest.mark.parametrize(("path", "form"), ENDPOINTS)
@pytest.mark.parametrize("kept", [False, True])
def test_its_secret_opens_nothing_any_more(
    world: World, machine: Application, path: str, form: dict[str, str], kept: bool
) -> None:
    if kept:
        assert send(world, path, made(machine), form).status_code == 200
    before = world.snapshot()
    pair = (machine.client_id, world.secret_of(machine))
    for answer in (
        world.client.post(path, data=form, auth=pair),
        world.client.post(path, data={**form, "client_id": pair[0], "client_secret": pair[1]}),
        world.client.post(path, data={**form, "client_id": pair[0]}),
    ):
        assert (answer.status_code, answer.json()) == (401, SAME_WORDS)
    assert world.snapshot() == before
    assert [text.split(",")[0] for text in reasons(world, machine)] == [
        "The application proves itself with private_key_jwt"
    ] * 3


def test_a_key_is_of_no_use_to_one_that_has_a_secret(world: World) -> None:
    plain = world.app(type="other")
    with_keys = world.app(type="other", options=options.write(ClientOptions(jwks=key_set())))
    for application in (plain, with_keys):
        answer = ask(world, made(application))
        assert (answer.status_code, answer.json()) == (401, SAME_WORDS)
    assert not Token.objects.using(world.alias).exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": OTHER["ES256"]}, "The signature of the client assertion is wrong."),
        ({"alg": "EdDSA"}, "The application has no key that"),
        ({"aud": "https://evil.example/token"}, "aud is not this provider"),
        ({"exp": NOW - 300}, "it has expired"),
        ({"sub": None}, "sub is not its Client ID"),
        ({"nbf": NOW + 61}, "nbf lies ahead"),
        ({"jti": None}, "jti is missing"),
    ],
)
def test_the_sender_reads_one_sentence_and_the_owner_why(
    world: World, machine: Application, changes: dict[str, Any], reason: str
) -> None:
    before = world.snapshot()
    told = {name: value for name, value in changes.items() if name != "aud"}
    token = made(machine, changes.get("aud", ISSUER), **told)
    answer = ask(world, token, client_id=machine.client_id)
    assert (answer.status_code, answer.json()) == (401, SAME_WORDS)
    assert world.snapshot() == before
    (why,) = reasons(world, machine)
    assert reason in why


@pytest.mark.standard("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize(
    ("audience", "alg", "status"),
    [
        (ISSUER, "PS256", 200), (ISSUER, "ES256", 200), (ISSUER, "RS256", 401),
        ([ISSUER], "PS256", 401), (f"{ISSUER}/token", "PS256", 401),
    ],
)  # fmt: skip
def test_the_strict_profile(world: World, audience: object, alg: str, status: int) -> None:
    strict = world.app(type="other", options=said(profile="fapi2"))
    answer = ask(world, made(strict, audience, alg=alg))
    # Past the credentials this profile asks for a bound token.
    assert (answer.status_code == 401) is (status == 401)


def test_anothers_assertion_is_not_mine(world: World, machine: Application) -> None:
    other = world.app(type="other", options=said())
    answer = ask(world, made(other), client_id=machine.client_id)
    assert (answer.status_code, answer.json()) == (401, SAME_WORDS)
    # It was not used up by that, either.
    assert ask(world, made(other)).status_code == 200


@pytest.mark.standard("OpenID Connect Core 1.0", "9")
def test_an_assertion_is_good_once(world: World, machine: Application) -> None:
    token = made(machine, jti="the-same")
    assert ask(world, token).status_code == 200
    for path, form in ENDPOINTS:
        answer = send(world, path, token, form)
        assert (answer.status_code, answer.json()) == (401, SAME_WORDS)
    # Another one with the same name is the same use; another application's is not.
    assert ask(world, made(machine, jti="the-same", exp=NOW + 90)).status_code == 401
    other = world.app(type="other", options=said())
    assert ask(world, made(other, jti="the-same")).status_code == 200
    assert set(reasons(world, machine)) == {"The client assertion has been used already."}


def test_an_assertion_is_remembered_as_long_as_it_could_be_used(
    world: World, machine: Application
) -> None:
    token = made(machine, exp=NOW + 3600 + 29)
    assert ask(world, token).status_code == 200
    for later in (60, 3600, 3600 + 58):
        world.now = NOW + later
        assert ask(world, token).status_code == 401
    assert reasons(world, machine)[-1] == "The client assertion has been used already."
    world.now = NOW + 3600 + 59
    assert ask(world, token).status_code == 401
    assert "expired" in reasons(world, machine)[-1]


def test_one_that_was_refused_is_not_used_up(world: World, machine: Application) -> None:
    assert ask(world, made(machine, jti="j", key=OTHER["ES256"])).status_code == 401
    assert ask(world, made(machine, jti="j")).status_code == 200


def test_a_key_that_was_replaced_works_no_more_at_once(world: World, machine: Application) -> None:
    assert ask(world, made(machine)).status_code == 200
    machine.options = said(jwks=key_set("ES256", keys=OTHER))
    machine.save(update_fields=["options"])
    assert ask(world, made(machine)).status_code == 401
    assert ask(world, made(machine, key=OTHER["ES256"])).status_code == 200


def test_of_many_at_once_one_is_let_in(world: World, machine: Application) -> None:
    token = made(machine)
    barrier = threading.Barrier(6)
    answers: list[int] = []

    def one() -> None:
        barrier.wait()
        try:
            answers.append(ask(world, token).status_code)
        finally:
            if isinstance(world.database, SqliteDatabase):
                world.database.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not world.failures
    assert sorted(answers) == [200] + [401] * 5
    assert Token.objects.using(world.alias).count() == 1


def test_the_assertion_stands_in_the_body_alone(world: World, machine: Application) -> None:
    form = assertion_form(made(machine))
    answer = world.client.post("/token", params=form, data={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    pairs = {**form, "grant_type": "client_credentials", "client_secret": "x"}
    assert world.client.post("/token", data=pairs).status_code == 400


def test_a_lost_key_set_lets_nobody_in(world: World) -> None:
    empty = world.app(type="other", options=said(jwks=json.dumps({"keys": []})))
    assert ask(world, made(empty)).status_code == 401
    hashed = {**PRIVATE["HS256"].as_dict(private=True), "kid": "HS256"}
    assert "k" in hashed
    assert ask(world, made(empty, alg="HS256")).status_code == 401
