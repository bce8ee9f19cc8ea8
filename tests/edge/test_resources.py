"""Tokens for certain resources, and tokens that say something themselves; on both databases."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import ISSUER, KEYS, NOW
from joserfc import jws
from joserfc.jwk import KeySet

from hospes.connect.models import Grant, Token
from hospes.edge.known_clients import KnownClients
from hospes.protocols.oauth import id_token, options
from hospes.protocols.oauth.clients import secret_hash

if TYPE_CHECKING:
    import httpx
    from edge.world import World

    from hospes.connect.models import Application

SHOP = "https://api.shop.example"
STOCK = "https://stock.shop.example/v1"
USERINFO = f"{ISSUER}/oauth2/userinfo"


def keeping(**values: Any) -> str:
    return options.write(options.ClientOptions(**values))


def post(world: World, path: str, application: Application, **form: Any) -> httpx.Response:
    data = {
        "client_id": application.client_id,
        "client_secret": world.secret_of(application),
        **form,
    }
    return world.client.post(path, data={k: v for k, v in data.items() if v is not None})


def told_of(world: World, asking: Application, token: str) -> dict[str, Any]:
    return dict(post(world, "/oauth2/introspect", asking, token=token).json())


def person(world: World, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return world.client.get("/oauth2/userinfo", headers=headers).status_code


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token whose signature holds."""
    keys = KeySet(list(KEYS.values()))
    signed = jws.deserialize_compact(token, keys, registry=id_token.REGISTRY)
    return dict(signed.headers()), json.loads(signed.payload)


@pytest.fixture
def guard(world: World) -> Application:
    """Return an application that has an API of its own."""
    return world.app(options=keeping(resource_uris=(SHOP, STOCK)))


@pytest.fixture
def web(world: World, guard: Application) -> Application:
    return world.app(organization=guard.organization, pkce_required=False)


@pytest.fixture
def speaking(world: World, guard: Application) -> Application:
    """Return an application whose tokens say what they are."""
    return world.app(
        organization=guard.organization,
        pkce_required=False,
        options=keeping(access_token_format="jwt"),
    )


@pytest.mark.standard("RFC 8707", "2.2")
@pytest.mark.parametrize(
    ("granted", "asked", "expected"),
    [
        ("", [], None),
        ("", [SHOP], SHOP),
        ("", [SHOP, STOCK, SHOP], [SHOP, STOCK]),
        ("", [USERINFO], USERINFO),
        (f"{SHOP} {STOCK}", [], [SHOP, STOCK]),
        (f"{SHOP} {STOCK}", [STOCK], STOCK),
    ],
)
def test_a_token_is_for_what_was_asked(
    world: World, web: Application, granted: str, asked: list[str], expected: str | list[str] | None
) -> None:
    grant = world.grant(web, resources=granted)
    answer = world.redeem(web, world.code(grant), resource=asked)
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    told = told_of(world, web, token)
    assert (told["active"], told.get("aud")) == (True, expected)
    named = [expected] if isinstance(expected, str) else expected
    assert person(world, token) == (200 if not named or USERINFO in named else 401)


@pytest.mark.standard("RFC 8707", "2")
@pytest.mark.parametrize(
    ("granted", "asked"),
    [
        (SHOP, [STOCK]),
        (SHOP, [SHOP, STOCK]),
        (SHOP, [USERINFO]),
        (SHOP, [f"{SHOP}/"]),
        (USERINFO, [SHOP]),
        ("", ["https://api.elsewhere.example"]),
        ("", [f"{SHOP}#part"]),
        ("", ["http://api.shop.example"]),
        ("", ["urn:shop"]),
        ("", [f"{SHOP}@evil.example"]),
        ("", [ISSUER]),
        ("", [f"https://{number}.example" for number in range(11)]),
    ],
)
def test_nothing_beyond_it_is_given_and_the_code_stays(
    world: World, web: Application, granted: str, asked: list[str]
) -> None:
    code = world.code(world.grant(web, resources=granted))
    before = world.snapshot()
    answer = world.redeem(web, code, resource=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_target")
    assert world.snapshot() == before
    assert world.redeem(web, code).status_code == 200


def test_another_organizations_resource_is_none(world: World, guard: Application) -> None:
    stranger = world.app(pkce_required=False)
    code = world.code(world.grant(stranger))
    before = world.snapshot()
    assert world.redeem(stranger, code, resource=[SHOP]).json()["error"] == "invalid_target"
    assert world.snapshot() == before
    assert guard.options


def test_a_resource_in_the_address_is_refused(world: World, web: Application) -> None:
    code = world.code(world.grant(web))
    form = {"grant_type": "authorization_code", "code": code, "client_id": web.client_id}
    answer = world.client.post(f"/token?resource={SHOP}", data=form)
    assert answer.json()["error"] == "invalid_request"


def test_a_refresh_narrows_and_the_next_one_has_all_again(
    world: World, web: Application, guard: Application
) -> None:
    grant = world.grant(web, scope="openid offline_access", resources=f"{SHOP} {STOCK}")
    first = world.redeem(web, world.code(grant)).json()
    form = {"grant_type": "refresh_token"}
    seen, token = [], first["refresh_token"]
    for asked in ([STOCK], [USERINFO], []):
        answer = post(world, "/token", web, **form, refresh_token=token, resource=asked or None)
        if answer.status_code == 200:
            token = answer.json()["refresh_token"]
            seen.append(told_of(world, guard, answer.json()["access_token"])["aud"])
        else:
            seen.append(answer.json()["error"])
    assert seen == [STOCK, "invalid_target", [SHOP, STOCK]]


def test_a_retry_of_a_refresh_is_for_the_same(world: World, web: Application) -> None:
    grant = world.grant(web, scope="openid offline_access")
    first = world.redeem(web, world.code(grant)).json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    once = post(world, "/token", web, **form, resource=SHOP).json()
    again = post(world, "/token", web, **form, resource=SHOP).json()
    assert once["access_token"] == again["access_token"]
    other = post(world, "/token", web, **form, resource=STOCK)
    assert other.json()["error"] == "invalid_target"


def test_a_machine_names_a_resource(world: World, guard: Application) -> None:
    machine = world.app(type="other", organization=guard.organization)
    form = {"grant_type": "client_credentials"}
    token = post(world, "/token", machine, **form, resource=SHOP).json()["access_token"]
    assert told_of(world, guard, token)["aud"] == SHOP
    before = world.snapshot()
    wrong = post(world, "/token", machine, **form, resource="https://api.elsewhere.example")
    assert wrong.json()["error"] == "invalid_target"
    assert world.snapshot() == before


# -- tokens that say something -----------------------------------------------------------------


@pytest.mark.standard("RFC 9068", "2.2")
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("resources", ["", SHOP])
def test_a_token_says_what_it_is(
    world: World, speaking: Application, guard: Application, alg: str, resources: str
) -> None:
    speaking.id_token_alg = alg
    speaking.save(update_fields=["id_token_alg"])
    grant = world.grant(speaking, amr="pwd otp mfa", resources=resources)
    told = world.redeem(speaking, world.code(grant)).json()
    header, claims = read(told["access_token"])
    assert (header["typ"], header["alg"]) == ("at+jwt", alg)
    jti = claims.pop("jti")
    assert claims == {
        "iss": ISSUER,
        "sub": grant.account.public_id,
        "aud": resources or ISSUER,
        "client_id": speaking.client_id,
        "iat": NOW,
        "exp": NOW + 7200,
        "scope": grant.scope,
        "auth_time": grant.auth_time,
        "acr": "2",
        "amr": ["pwd", "otp", "mfa"],
    }
    [row] = Token.objects.using(world.alias)
    assert (row.token_hash, row.salt) == (secret_hash(told["access_token"]), jti)
    assert told_of(world, guard, told["access_token"])["active"]
    assert person(world, told["access_token"]) == (401 if resources else 200)
    # Its name alone is worth nothing.
    for name in (jti, f"hsp_at_{jti}"):
        assert person(world, name) == 401


def test_a_machines_token_speaks_for_itself(world: World, speaking: Application) -> None:
    speaking.type = "other"
    speaking.save(update_fields=["type"])
    told = post(world, "/token", speaking, grant_type="client_credentials", resource=SHOP).json()
    _header, claims = read(told["access_token"])
    assert (claims["sub"], claims["aud"]) == (speaking.client_id, SHOP)
    assert not {"auth_time", "acr", "amr", "scope"} & claims.keys()


@pytest.mark.parametrize("ending", ["token", "grant", "account", "expiry"])
def test_it_ends_like_every_other(
    world: World, speaking: Application, guard: Application, ending: str
) -> None:
    grant = world.grant(speaking)
    token = world.redeem(speaking, world.code(grant)).json()["access_token"]
    assert person(world, token) == 200
    if ending == "token":
        assert post(world, "/oauth2/revoke", speaking, token=token).status_code == 200
    elif ending == "grant":
        Grant.objects.using(world.alias).update(revoked_at=NOW)
    elif ending == "account":
        type(grant.account).objects.using(world.alias).update(state="closed")
    else:
        world.now += 7200
    assert person(world, token) == 401
    assert told_of(world, guard, token) == {"active": False}


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_retry_gets_a_token_that_says_the_same(
    world: World, speaking: Application, guard: Application, alg: str
) -> None:
    speaking.id_token_alg = alg
    speaking.save(update_fields=["id_token_alg"])
    grant = world.grant(speaking, scope="openid offline_access", resources=SHOP)
    first = world.redeem(speaking, world.code(grant)).json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    once = post(world, "/token", speaking, **form).json()
    world.now += 3
    again = post(world, "/token", speaking, **form).json()
    assert read(once["access_token"]) == read(again["access_token"])
    assert once["refresh_token"] == again["refresh_token"]
    for each in (once, again):
        told = told_of(world, guard, each["access_token"])
        assert (told["active"], told["exp"], told["aud"]) == (True, NOW + 7200, SHOP)


@pytest.mark.standard("RFC 9068", "4")
def test_an_id_token_opens_nothing_and_an_access_token_hints_at_nobody(
    world: World, speaking: Application, guard: Application
) -> None:
    told = world.redeem(speaking, world.code(world.grant(speaking))).json()
    jwks = world.keys.jwks()
    hint = id_token.read_hint(told["id_token"], jwks=jwks, issuer=ISSUER)
    assert hint is not None
    assert id_token.read_hint(told["access_token"], jwks=jwks, issuer=ISSUER) is None
    assert person(world, told["id_token"]) == 401
    assert told_of(world, guard, told["id_token"]) == {"active": False}


@pytest.mark.parametrize("change", ["none", "claims", "signature"])
def test_a_changed_token_is_none_of_ours(world: World, speaking: Application, change: str) -> None:
    token = world.redeem(speaking, world.code(world.grant(speaking))).json()["access_token"]
    header, body, signature = token.split(".")
    if change == "none":
        header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=")
        signature = ""
    elif change == "claims":
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims["sub"] = "somebody else"
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    else:
        signature = signature[:-2] + ("AA" if signature[-2:] != "AA" else "BB")
    assert person(world, f"{header}.{body}.{signature}") == 401


def test_the_plain_way_reads_no_resources(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who names none pays for them."""
    web = world.app(pkce_required=False)
    monkeypatch.setattr("hospes.edge.access_tokens.target", None)
    assert world.redeem(web, world.code(world.grant(web))).status_code == 200
    assert isinstance(world.services.clients, KnownClients)
