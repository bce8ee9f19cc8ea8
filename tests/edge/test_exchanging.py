"""Applications that act on with tokens they were sent (RFC 8693); on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from edge.test_resources import SHOP, STOCK, keeping, person, post, read, told_of
from edge.world import ISSUER, NOW, NUMBERS

from hospes.connect.models import Grant, Token
from hospes.edge import exchange_statements, resource_statements
from hospes.protocols.oauth.grants.exchanging import ACCESS_TOKEN, EXCHANGE, JWT

if TYPE_CHECKING:
    import httpx
    from edge.world import World

    from hospes.connect.models import Application


def exchange(world: World, application: Application, token: str, **form: Any) -> httpx.Response:
    form = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": ACCESS_TOKEN,
        **form,
    }
    return post(world, "/token", application, **form)


def refused(world: World, application: Application, token: str, **form: Any) -> str:
    """Return the error of an exchange that changed nothing."""
    before = world.snapshot()
    answer = exchange(world, application, token, **form)
    assert world.snapshot() == before
    assert "access_token" not in answer.json()
    return str(answer.json()["error"])


@pytest.fixture
def shop(world: World) -> Application:
    """Return an application that has an API, and calls another one's behind it."""
    options = keeping(further_grant_types=(EXCHANGE,), resource_uris=(SHOP,))
    return world.app(options=options)


@pytest.fixture
def stock(world: World, shop: Application) -> Application:
    options = keeping(further_grant_types=(EXCHANGE,), resource_uris=(STOCK,))
    return world.app(organization=shop.organization, options=options)


@pytest.fixture
def web(world: World, shop: Application) -> Application:
    return world.app(organization=shop.organization, pkce_required=False)


@pytest.mark.standard("RFC 8693", "2.2.1")
def test_a_token_is_exchanged_for_less(
    world: World, web: Application, shop: Application, stock: Application
) -> None:
    grant = world.grant(web, scope="openid email offline_access", resources=f"{SHOP} {STOCK}")
    token = world.redeem(web, world.code(grant)).json()["access_token"]
    world.now += 100
    answer = exchange(world, shop, token, scope="openid", resource=STOCK)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    got = body.pop("access_token")
    assert body == {
        "token_type": "Bearer",
        "expires_in": 7100,
        "scope": "openid",
        "issued_token_type": ACCESS_TOKEN,
    }
    told = told_of(world, stock, got)
    assert told["act"] == {"sub": shop.client_id}
    assert (told["client_id"], told["sub"]) == (shop.client_id, grant.account.public_id)
    assert (told["aud"], told["scope"], told["exp"]) == (STOCK, "openid", NOW + 7200)
    # The next one in the chain.
    told = told_of(world, shop, exchange(world, stock, got).json()["access_token"])
    assert told["act"] == {"sub": stock.client_id, "act": {"sub": shop.client_id}}
    # It has no resource but its own any more.
    assert refused(world, stock, got, resource=SHOP) == "invalid_target"


@pytest.mark.standard("RFC 8693", "3")
def test_a_token_that_speaks_names_who_acts(
    world: World, web: Application, shop: Application
) -> None:
    grant = world.grant(web, resources=SHOP)
    token = world.access_token(grant, resources=SHOP, expires_at=NOW + 60)
    body = exchange(world, shop, token, requested_token_type=JWT).json()
    assert body["issued_token_type"] == JWT
    header, claims = read(body["access_token"])
    assert header["typ"] == "at+jwt"
    assert (claims["act"], claims["client_id"]) == ({"sub": shop.client_id}, shop.client_id)
    assert (claims["sub"], claims["aud"]) == (grant.account.public_id, SHOP)
    assert (claims["exp"], claims["iss"]) == (NOW + 60, ISSUER)
    assert told_of(world, web, body["access_token"])["active"]


def test_an_application_stays_the_subject_of_its_own_token(world: World, shop: Application) -> None:
    machine = world.app(type="other", organization=shop.organization)
    token = post(world, "/token", machine, grant_type="client_credentials").json()["access_token"]
    body = exchange(world, shop, token, requested_token_type=JWT, resource=SHOP).json()
    _header, claims = read(body["access_token"])
    assert (claims["sub"], claims["client_id"]) == (machine.client_id, shop.client_id)
    assert told_of(world, shop, body["access_token"])["sub"] == machine.client_id


@pytest.mark.parametrize("ending", ["sign_out", "reuse", "returned", "account", "holder", "expiry"])
def test_it_ends_with_the_grant_it_came_of(
    world: World, web: Application, shop: Application, stock: Application, ending: str
) -> None:
    grant = world.grant(web, scope="openid offline_access")
    code = world.code(grant)
    first = world.redeem(web, code).json()
    got = exchange(world, shop, first["access_token"]).json()["access_token"]
    further = exchange(world, stock, got).json()["access_token"]
    tokens = (got, further)
    assert [person(world, each) for each in tokens] == [200, 200]
    if ending == "sign_out":
        Grant.objects.using(world.alias).filter(pk=grant.pk).update(revoked_at=NOW)
    elif ending == "reuse":
        assert world.redeem(web, code).status_code == 400
    elif ending == "returned":
        assert post(world, "/oauth2/revoke", web, token=first["refresh_token"]).status_code == 200
    elif ending == "account":
        type(grant.account).objects.using(world.alias).update(state="closed")
    elif ending == "holder":
        shop.delete()
        stock.delete()
    else:
        world.now += 7200
    assert [person(world, each) for each in tokens] == [401, 401]
    assert [told_of(world, web, each) for each in tokens] == [{"active": False}] * 2


def test_only_its_holder_gives_it_back(world: World, web: Application, shop: Application) -> None:
    token = world.access_token(world.grant(web))
    got = exchange(world, shop, token).json()["access_token"]
    for application, status in ((web, 200), (shop, 401)):
        assert post(world, "/oauth2/revoke", application, token=got).status_code == 200
        assert person(world, got) == status
    # What it came of stays.
    assert person(world, token) == 200


# -- attacks -----------------------------------------------------------------------------------


def test_another_organizations_token_is_like_an_unknown_one(
    world: World, shop: Application
) -> None:
    stranger = world.app()
    token = world.access_token(world.grant(stranger))
    told = [exchange(world, shop, each) for each in (token, "hsp_at_unknown")]
    assert told[0].json() == told[1].json()
    assert refused(world, shop, token) == "invalid_request"


def test_a_deputy_makes_nothing_of_a_token_for_somebody_else(
    world: World, web: Application, shop: Application
) -> None:
    """A resource that gets hold of another one's token does not turn it into its own."""
    grant = world.grant(web, resources=f"{STOCK} https://bills.example")
    token = world.access_token(grant, resources=STOCK)
    assert refused(world, shop, token) == "invalid_request"
    assert refused(world, shop, token, resource=SHOP) == "invalid_request"
    own = world.access_token(grant, resources=SHOP)
    assert refused(world, shop, own, resource=STOCK) == "invalid_target"
    assert refused(world, shop, own, resource="https://bills.example") == "invalid_target"


def test_a_resource_nobody_has_is_none(world: World, web: Application, shop: Application) -> None:
    token = world.access_token(world.grant(web))
    wrong = "https://api.elsewhere.example"
    assert refused(world, shop, token, resource=wrong) == "invalid_target"


@pytest.mark.parametrize("ending", ["token", "grant", "expired"])
def test_a_dead_token_is_not_exchanged(
    world: World, web: Application, shop: Application, ending: str
) -> None:
    grant = world.grant(web)
    token = world.access_token(grant, revoked_at=NOW if ending == "token" else None)
    if ending == "grant":
        Grant.objects.using(world.alias).update(revoked_at=NOW)
    elif ending == "expired":
        world.now += 7200
    assert refused(world, shop, token) == "invalid_request"


def test_a_token_that_dies_meanwhile_gives_nothing(
    world: World, web: Application, shop: Application
) -> None:
    """The statement asks again what the decision saw."""
    grant = world.grant(web)
    world.access_token(grant, revoked_at=NOW)
    row = Token.objects.using(world.alias).get()
    shop.refresh_from_db()
    new = resource_statements.NewToken("a" * 64, grant.pk, "openid", NOW, NOW + 1)
    step = exchange_statements.add(
        new, actors=("x",), subject=row.pk, application=shop.pk, revision=shop.revision
    )
    assert not world.database.guarded(step)
    Token.objects.using(world.alias).update(revoked_at=None)
    assert world.database.guarded(step)


def test_refresh_tokens_and_id_tokens_are_no_subject(
    world: World, web: Application, shop: Application
) -> None:
    grant = world.grant(web, scope="openid offline_access")
    told = world.redeem(web, world.code(grant)).json()
    for name in ("refresh_token", "id_token"):
        assert refused(world, shop, told[name]) == "invalid_request"
        assert refused(world, shop, told[name], subject_token_type=JWT) == "invalid_request"


@pytest.mark.parametrize("kind", ["web", "mobile"])
def test_who_has_not_the_grant_exchanges_nothing(world: World, web: Application, kind: str) -> None:
    options = keeping(further_grant_types=(EXCHANGE,)) if kind == "mobile" else ""
    other = world.app(type=kind, organization=web.organization, options=options)
    token = world.access_token(world.grant(web))
    secret = {"client_secret": None} if kind == "mobile" else {}
    assert refused(world, other, token, **secret) == "unauthorized_client"
    assert refused(world, other, "hsp_at_unknown", **secret) == "unauthorized_client"


def test_a_chain_is_as_long_as_the_setting_says(
    world: World, web: Application, shop: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.access_token(world.grant(web))
    monkeypatch.setitem(NUMBERS, "connect.exchange_depth", 2)
    for _ in range(2):
        token = exchange(world, shop, token).json()["access_token"]
    assert refused(world, shop, token) == "invalid_request"
    monkeypatch.setitem(NUMBERS, "connect.exchange_depth", 3)
    assert exchange(world, shop, token).status_code == 200


def test_an_actor_token_is_the_applications_own(
    world: World, web: Application, shop: Application
) -> None:
    shop.options = keeping(
        further_grant_types=(EXCHANGE, "client_credentials"), resource_uris=(SHOP,)
    )
    shop.save(update_fields=["options"])
    token = world.access_token(world.grant(web))
    machine = world.app(type="other", organization=shop.organization)
    form = {"grant_type": "client_credentials"}
    own = post(world, "/token", shop, **form).json()["access_token"]
    foreign = post(world, "/token", machine, **form).json()["access_token"]
    kind = {"actor_token_type": ACCESS_TOKEN}
    for wrong in (foreign, token, "unknown"):
        assert refused(world, shop, token, actor_token=wrong, **kind) == "invalid_request"
    assert exchange(world, shop, token, actor_token=own, **kind).status_code == 200
