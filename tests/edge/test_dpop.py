"""Tokens bound to a key, from the code to the resource; on both databases."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import ISSUER, NOW, World

from hospes.connect.models import Application, AuthorizationCode, Token
from hospes.edge.sqlite import SqliteDatabase
from hospes.protocols.oauth import dpop, options
from hospes.protocols.oauth.clients import secret_hash
from hospes.protocols.oauth.options import ClientOptions
from support.signing import OTHER, PRIVATE, assertion, assertion_form, key_set, proof

if TYPE_CHECKING:
    import httpx
    from joserfc.jwk import Key

TOKEN, USERINFO = f"{ISSUER}/token", f"{ISSUER}/oauth2/userinfo"
MINE, THEIRS = PRIVATE["ES256"], OTHER["ES256"]
JKT = f"jkt:{MINE.thumbprint()}"


def shown(world: World, **changes: Any) -> dict[str, str]:
    return {"DPoP": proof("POST", TOKEN, now=world.now, **changes)}


def redeem(
    world: World, application: Application, code: str, headers: dict[str, str], **form: str
) -> httpx.Response:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://app.example/cb",
        "client_id": application.client_id,
        **form,
    }
    if application.type != "mobile":
        data["client_secret"] = world.secret_of(application)
    return world.client.post("/token", data=data, headers=headers)


def refresh(
    world: World, application: Application, token: str, headers: dict[str, str]
) -> httpx.Response:
    data = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": application.client_id,
    }
    if application.type != "mobile":
        data["client_secret"] = world.secret_of(application)
    return world.client.post("/token", data=data, headers=headers)


def ask(
    world: World, token: str, *, key: Key = MINE, scheme: str = "DPoP", **changes: Any
) -> httpx.Response:
    url = changes.pop("url", USERINFO)
    text = proof("GET", url, now=world.now, key=key, token=token, **changes)
    return world.client.get(
        "/oauth2/userinfo", headers={"Authorization": f"{scheme} {token}", "DPoP": text}
    )


@pytest.fixture
def app(world: World) -> Application:
    return world.app(pkce_required=False)


def issued(
    world: World, application: Application, *, offline: bool = False, **changes: Any
) -> dict[str, Any]:
    scope = "openid profile offline_access" if offline else "openid profile"
    verifier = "v" * 43 if application.type == "mobile" else ""
    code = world.code(world.grant(application, scope=scope), verifier=verifier)
    form = {"code_verifier": verifier} if verifier else {}
    answer = redeem(world, application, code, shown(world, **changes), **form)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def row(world: World, token: str) -> Token:
    return Token.objects.using(world.alias).get(token_hash=secret_hash(token))


@pytest.mark.standard("RFC 9449", "5")
@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA"])
def test_a_code_becomes_a_token_that_its_key_alone_can_use(
    world: World, app: Application, alg: str
) -> None:
    told = issued(world, app, alg=alg)
    assert told["token_type"] == "DPoP"
    token = told["access_token"]
    assert row(world, token).bound_to == f"jkt:{PRIVATE[alg].thumbprint()}"
    answer = ask(world, token, key=PRIVATE[alg], alg=alg)
    assert answer.status_code == 200, answer.text
    assert answer.json()["given_name"] == "Ada"
    assert ask(world, token, key=PRIVATE[alg], alg=alg, scheme="dpop").status_code == 200


@pytest.mark.standard("RFC 9449", "7.1")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": THEIRS}, "invalid_token"),
        ({"ath": None}, "invalid_dpop_proof"),
        ({"ath": dpop.hash_of("another")}, "invalid_dpop_proof"),
        ({"htm": "POST"}, "invalid_dpop_proof"),
        ({"url": TOKEN}, "invalid_dpop_proof"),
        ({"url": "https://evil.example/oauth2/userinfo"}, "invalid_dpop_proof"),
        ({"iat": NOW - 61}, "invalid_dpop_proof"),
        ({"iat": NOW + 31}, "invalid_dpop_proof"),
        ({"jti": None}, "invalid_dpop_proof"),
        ({"header": {"typ": "jwt"}}, "invalid_dpop_proof"),
        ({"header": {"jwk": PRIVATE["ES256"].as_dict(private=True)}}, "invalid_dpop_proof"),
        ({"nonce": "made-up"}, "use_dpop_nonce"),
    ],
)
def test_a_resource_refuses_every_other_proof(
    world: World, app: Application, changes: dict[str, Any], code: str
) -> None:
    token = issued(world, app)["access_token"]
    answer = ask(world, token, **changes)
    assert (answer.status_code, answer.json()["error"]) == (401, code)
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith("DPoP ")
    assert f'error="{code}"' in challenge
    assert 'algs="PS256 ES256 EdDSA"' in challenge
    assert answer.headers["cache-control"] == "no-store"
    assert ask(world, token).status_code == 200


@pytest.mark.standard("RFC 9449", "7.2")
def test_a_bound_token_is_no_bearer_token_and_a_bearer_token_not_bound(
    world: World, app: Application
) -> None:
    bound = issued(world, app)["access_token"]
    plain = world.access_token(world.grant(app))
    for answer in (
        world.client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {bound}"}),
        world.client.post("/oauth2/userinfo", data={"access_token": bound}),
        ask(world, bound, scheme="Bearer"),
        ask(world, plain),
    ):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    bare = world.client.get("/oauth2/userinfo", headers={"Authorization": f"DPoP {bound}"})
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_dpop_proof")
    for scheme in ("DPoP", "Bearer"):
        headers = {"Authorization": f"{scheme} {bound}"}
        assert world.client.delete("/token", headers=headers).status_code == 401
    assert row(world, bound).revoked_at is None
    headers = {
        "Authorization": f"DPoP {bound}",
        "DPoP": proof("DELETE", TOKEN, now=NOW, token=bound),
    }
    assert world.client.delete("/token", headers=headers).status_code == 200
    assert row(world, bound).revoked_at == NOW


@pytest.mark.standard("RFC 9449", "5")
@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"}, {"htu": USERINFO}, {"iat": NOW - 61}, {"iat": NOW + 31}, {"jti": None},
        {"alg": "RS256"}, {"header": {"typ": "JWT"}}, {"exp": NOW - 60}, {"nbf": NOW + 61},
        {"header": {"jwk": PRIVATE["HS256"].as_dict(private=True)}},
    ],
)  # fmt: skip
def test_a_faulty_proof_gives_nothing_and_leaves_the_code_as_it_is(
    world: World, app: Application, changes: dict[str, Any]
) -> None:
    code = world.code(world.grant(app))
    before = world.snapshot()
    answer = redeem(world, app, code, shown(world, **changes))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert world.snapshot() == before
    assert redeem(world, app, code, shown(world)).status_code == 200


def test_two_proofs_at_once_are_none(world: World, app: Application) -> None:
    code = world.code(world.grant(app))
    both = ", ".join(shown(world)["DPoP"] for _ in range(2))
    assert redeem(world, app, code, {"DPoP": both}).json()["error"] == "invalid_dpop_proof"


@pytest.mark.standard("RFC 9449", "11.1")
def test_a_proof_is_good_once_at_every_endpoint(world: World, app: Application) -> None:
    first, second, headers = *(world.code(world.grant(app)) for _ in "12"), shown(world)
    assert redeem(world, app, first, headers).status_code == 200
    assert redeem(world, app, second, headers).json()["error"] == "invalid_dpop_proof"
    world.now += 59
    assert redeem(world, app, second, headers).json()["error"] == "invalid_dpop_proof"
    token = issued(world, app)["access_token"]
    assert ask(world, token, jti="same").status_code == 200
    again = ask(world, token, jti="same")
    assert (again.status_code, again.json()["error"]) == (401, "invalid_dpop_proof")
    # Two keys may choose the same name.
    other = issued(world, app, key=THEIRS)["access_token"]
    assert ask(world, other, key=THEIRS, jti="same").status_code == 200


def test_a_proof_ahead_of_time_is_remembered_to_its_end(world: World, app: Application) -> None:
    token = issued(world, app)["access_token"]
    made_at = world.now + 30
    assert ask(world, token, iat=made_at, jti="ahead").status_code == 200
    world.now = made_at + 60
    answer = ask(world, token, iat=made_at, jti="ahead")
    assert answer.json()["error_description"].endswith("it has been used already.")
    world.now += 1
    assert ask(world, token, iat=made_at, jti="ahead").status_code == 401


def test_of_many_at_once_one_is_let_in(world: World, app: Application) -> None:
    token = issued(world, app)["access_token"]
    headers = {
        "Authorization": f"DPoP {token}",
        "DPoP": proof("GET", USERINFO, now=NOW, token=token),
    }
    barrier = threading.Barrier(6)
    answers: list[int] = []

    def one() -> None:
        barrier.wait()
        try:
            answers.append(world.client.get("/oauth2/userinfo", headers=headers).status_code)
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


@pytest.mark.standard("RFC 9449", "10")
def test_a_bound_code_is_exchanged_with_its_own_key_alone(world: World, app: Application) -> None:
    code = world.code(world.grant(app), bound_to=JKT)
    before = world.snapshot()
    for headers in ({}, shown(world, key=THEIRS)):
        answer = redeem(world, app, code, headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert world.snapshot() == before
    assert redeem(world, app, code, shown(world)).json()["token_type"] == "DPoP"
    assert AuthorizationCode.objects.using(world.alias).get().used_at == NOW


@pytest.mark.standard("RFC 9449", "5")
def test_an_apps_refresh_token_is_bound_and_a_sites_is_not(world: World, app: Application) -> None:
    phone = world.app(type="mobile", secrets_=())
    told = issued(world, phone, offline=True)
    assert row(world, told["refresh_token"]).bound_to == JKT
    before = world.snapshot()
    for headers in ({}, shown(world, key=THEIRS)):
        answer = refresh(world, phone, told["refresh_token"], headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    # Whoever stole it cannot end the grant with it, either.
    assert world.snapshot() == before
    again = refresh(world, phone, told["refresh_token"], shown(world)).json()
    assert again["token_type"] == "DPoP"
    assert row(world, again["refresh_token"]).bound_to == JKT
    for headers in ({}, shown(world, key=THEIRS)):
        old = refresh(world, phone, told["refresh_token"], headers)
        assert old.json()["error"] == "invalid_grant"
    assert row(world, again["access_token"]).revoked_at is None

    told = issued(world, app, offline=True)
    assert row(world, told["refresh_token"]).bound_to == ""
    again = refresh(world, app, told["refresh_token"], shown(world, key=THEIRS)).json()
    assert row(world, again["access_token"]).bound_to == f"jkt:{THEIRS.thumbprint()}"


def test_a_retry_gets_the_first_answer_for_the_same_key_alone(
    world: World, app: Application
) -> None:
    told = issued(world, app, offline=True)
    first = refresh(world, app, told["refresh_token"], shown(world)).json()
    world.now += 5
    for headers in ({}, shown(world, key=THEIRS)):
        answer = refresh(world, app, told["refresh_token"], headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    again = refresh(world, app, told["refresh_token"], shown(world)).json()
    assert again["access_token"] == first["access_token"]
    assert again["token_type"] == "DPoP"
    assert ask(world, again["access_token"]).status_code == 200


@pytest.mark.standard("RFC 9449", "6.2")
def test_introspection_tells_the_key(world: World, app: Application) -> None:
    token = issued(world, app)["access_token"]
    form = {"client_id": app.client_id, "client_secret": world.secret_of(app), "token": token}
    told = world.client.post("/oauth2/introspect", data=form).json()
    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": MINE.thumbprint()})
    plain = world.access_token(world.grant(app))
    told = world.client.post("/oauth2/introspect", data={**form, "token": plain}).json()
    assert (told["token_type"], "cnf" in told) == ("Bearer", False)


def test_a_machines_token_is_bound_too(world: World) -> None:
    machine = world.app(type="other")
    form = {
        "grant_type": "client_credentials",
        "client_id": machine.client_id,
        "client_secret": world.secret_of(machine),
    }
    told = world.client.post("/token", data=form, headers=shown(world)).json()
    assert told["token_type"] == "DPoP"
    assert row(world, told["access_token"]).bound_to == JKT


@pytest.mark.standard("RFC 9449", "5.2")
def test_an_application_may_have_itself_held_to_it(world: World) -> None:
    said = options.write(ClientOptions(dpop_bound_access_tokens=True))
    bound = world.app(pkce_required=False, options=said)
    code = world.code(world.grant(bound))
    answer = redeem(world, bound, code, {})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert redeem(world, bound, code, shown(world)).status_code == 200


@pytest.mark.standard("RFC 9449", "8")
def test_the_strict_profile_wants_a_bound_token_and_a_nonce(world: World) -> None:
    strict = world.app(
        type="other",
        options=options.write(
            ClientOptions(
                profile="fapi2",
                token_endpoint_auth_method="private_key_jwt",
                jwks=key_set("ES256"),
            )
        ),
    )

    def send(headers: dict[str, str]) -> httpx.Response:
        token = assertion(strict.client_id, ISSUER, now=world.now)
        form = {**assertion_form(token), "grant_type": "client_credentials"}
        return world.client.post("/token", data=form, headers=headers)

    assert send({}).json()["error"] == "invalid_dpop_proof"
    answer = send(shown(world))
    assert (answer.status_code, answer.json()["error"]) == (400, "use_dpop_nonce")
    nonce = answer.headers["dpop-nonce"]
    assert "DPoP-Nonce" in answer.headers["access-control-expose-headers"]
    answer = send(shown(world, nonce=nonce))
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
    assert "dpop-nonce" not in answer.headers
    # The span that follows still takes it, and hands out its own.
    world.now += 120
    answer = send(shown(world, nonce=nonce))
    assert answer.status_code == 200
    fresh = answer.headers["dpop-nonce"]
    assert fresh != nonce
    world.now += 120
    assert send(shown(world, nonce=nonce)).json()["error"] == "use_dpop_nonce"
    assert send(shown(world, nonce=fresh)).status_code == 200


def test_a_resource_hands_out_nonces_for_the_strict_profile(world: World) -> None:
    strict = world.app(options=options.write(ClientOptions(profile="fapi2")))
    token = world.access_token(world.grant(strict), bound_to=JKT)
    answer = ask(world, token)
    assert (answer.status_code, answer.json()["error"]) == (401, "use_dpop_nonce")
    nonce = answer.headers["dpop-nonce"]
    assert 'error="use_dpop_nonce"' in answer.headers["www-authenticate"]
    assert ask(world, token, nonce=nonce).status_code == 200
    world.now += 120
    answer = ask(world, token, nonce=nonce)
    assert answer.status_code == 200
    assert answer.headers["dpop-nonce"] != nonce


def test_nonces_may_be_demanded_of_everybody(
    world: World, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edge import world as numbers

    monkeypatch.setitem(numbers.NUMBERS, "connect.dpop_nonces_always", 1)
    code = world.code(world.grant(app))
    answer = redeem(world, app, code, shown(world))
    assert answer.json()["error"] == "use_dpop_nonce"
    nonce = answer.headers["dpop-nonce"]
    assert redeem(world, app, code, shown(world, nonce=nonce)).status_code == 200


def test_another_sites_script_may_send_a_proof(world: World) -> None:
    for path in ("/token", "/oauth2/userinfo"):
        answer = world.client.options(path)
        assert "DPoP" in answer.headers["access-control-allow-headers"]
