"""Applications that act for themselves, and what others learn of tokens; on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from edge.world import ISSUER, NOW

from hospes.connect.models import ApplicationEvent, Grant, Token

if TYPE_CHECKING:
    import httpx
    from edge.world import World

    from hospes.connect.models import Application


def post(world: World, path: str, application: Application, **form: Any) -> httpx.Response:
    data = {
        "client_id": application.client_id,
        "client_secret": world.secret_of(application),
        **form,
    }
    return world.client.post(path, data={k: v for k, v in data.items() if v is not None})


def machine_token(world: World, machine: Application) -> str:
    answer = post(world, "/token", machine, grant_type="client_credentials")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.fixture
def machine(world: World) -> Application:
    return world.app(type="other")


def test_a_machine_gets_a_token_of_its_own(world: World, machine: Application) -> None:
    answer = post(world, "/token", machine, grant_type="client_credentials")
    token = answer.json().pop("access_token")
    assert token.startswith("hsp_at_")
    assert answer.json() == {"access_token": token, "token_type": "Bearer", "expires_in": 7200}
    told = post(world, "/oauth2/introspect", machine, token=token).json()
    assert told == {
        "active": True,
        "client_id": machine.client_id,
        "iss": ISSUER,
        "iat": NOW,
        "sub": machine.client_id,
        "token_type": "Bearer",
        "exp": NOW + 7200,
    }
    # It speaks for nobody.
    headers = {"Authorization": f"Bearer {token}"}
    assert world.client.get("/oauth2/userinfo", headers=headers).status_code == 401


def test_all_its_tokens_hang_on_one_grant(world: World, machine: Application) -> None:
    for _ in range(3):
        machine_token(world, machine)
    assert Grant.objects.using(world.alias).count() == 1
    assert Token.objects.using(world.alias).count() == 3


def test_a_revoked_grant_is_replaced(world: World, machine: Application) -> None:
    old = machine_token(world, machine)
    Grant.objects.using(world.alias).update(revoked_at=NOW)
    new = machine_token(world, machine)
    active = [
        post(world, "/oauth2/introspect", machine, token=each).json()["active"]
        for each in (old, new)
    ]
    assert active == [False, True]


@pytest.mark.parametrize(
    ("kind", "changes", "error"),
    [
        ("web", {}, "unauthorized_client"),
        ("server", {}, "unauthorized_client"),
        ("mobile", {}, "invalid_client"),
        ("mobile", {"client_secret": None}, "unauthorized_client"),
        ("other", {"client_secret": "wrong"}, "invalid_client"),
        ("other", {"client_secret": None}, "invalid_client"),
        ("other", {"scope": "openid"}, "invalid_scope"),
        ("other", {"scope": "made:up"}, "invalid_scope"),
    ],
)
def test_nobody_else_gets_one(world: World, kind: str, changes: dict[str, Any], error: str) -> None:
    application = world.app(type=kind)
    before = world.snapshot()
    answer = post(world, "/token", application, grant_type="client_credentials", **changes)
    assert answer.json()["error"] == error
    assert "access_token" not in answer.json()
    assert world.snapshot() == before


def test_a_machine_exchanges_no_code(world: World, machine: Application) -> None:
    code = world.code(world.grant(machine))
    before = world.snapshot()
    assert world.redeem(machine, code).json()["error"] == "unauthorized_client"
    assert world.snapshot() == before


def test_a_deleted_application_gets_nothing_more(world: World, machine: Application) -> None:
    token = machine_token(world, machine)
    other = world.app(organization=machine.organization)
    machine_id = machine.client_id
    secret = world.secret_of(machine)
    machine.delete()
    answer = world.client.post(
        "/token",
        data={
            "grant_type": "client_credentials",
            "client_id": machine_id,
            "client_secret": secret,
        },
    )
    assert answer.json()["error"] == "invalid_client"
    assert post(world, "/oauth2/introspect", other, token=token).json() == {"active": False}


# -- introspection -----------------------------------------------------------------------------


def test_the_organizations_own_applications_are_told_of_a_persons_token(world: World) -> None:
    application = world.app()
    grant = world.grant(application)
    token = world.access_token(grant)
    guard = world.app(organization=application.organization)
    told = post(world, "/oauth2/introspect", guard, token=token).json()
    assert told["active"] is True
    assert told["sub"] == grant.account.public_id
    assert (told["scope"], told["client_id"]) == (grant.scope, application.client_id)


def test_only_a_verified_address_is_a_persons_name(world: World) -> None:
    application = world.app()
    grant = world.grant(application)
    token = world.access_token(grant, scope="openid email")
    account = grant.account
    for verified, email in ((True, account.email), (False, account.email)):
        account.email_verified_at = account.created_at if verified else None
        account.save(update_fields=["email_verified_at"])
        told = post(world, "/oauth2/introspect", application, token=token).json()
        assert told["active"] is True
        assert told.get("username") == (email if verified else None)


def test_others_learn_nothing(world: World) -> None:
    token = world.access_token(world.grant(world.app()))
    stranger = world.app()
    answer = post(world, "/oauth2/introspect", stranger, token=token)
    assert (answer.status_code, answer.json()) == (200, {"active": False})


@pytest.mark.parametrize("ending", ["expired", "revoked", "grant", "closed", "unknown"])
def test_a_dead_token_is_inactive(world: World, ending: str) -> None:
    application = world.app()
    grant = world.grant(application)
    token = world.access_token(grant, revoked_at=NOW if ending == "revoked" else None)
    if ending == "expired":
        world.now += 7200
    elif ending == "grant":
        Grant.objects.using(world.alias).update(revoked_at=NOW)
    elif ending == "closed":
        type(grant.account).objects.using(world.alias).update(state="closed")
    elif ending == "unknown":
        token = "hsp_at_unknown"
    answer = post(world, "/oauth2/introspect", application, token=token)
    assert answer.json() == {"active": False}


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"token": None}, 400, "invalid_request"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": None, "client_secret": None}, 401, "invalid_client"),
    ],
)
@pytest.mark.parametrize("path", ["/oauth2/introspect", "/oauth2/revoke"])
def test_who_asks_wrongly_gets_the_rfcs_error(
    world: World, path: str, changes: dict[str, Any], status: int, error: str
) -> None:
    application = world.app()
    token = world.access_token(world.grant(application))
    before = world.snapshot()
    answer = post(world, path, application, **{"token": token, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert world.snapshot() == before


def test_an_application_without_a_secret_does_not_introspect(world: World) -> None:
    application = world.app(type="mobile", secrets_=())
    token = world.access_token(world.grant(application))
    answer = post(world, "/oauth2/introspect", application, token=token, client_secret=None)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


# -- revocation --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["web", "mobile"])
def test_an_application_gives_its_token_back(world: World, kind: str) -> None:
    application = world.app(type=kind)
    secret = None if kind == "mobile" else world.secret_of(application)
    grant = world.grant(application)
    token, other = world.access_token(grant), world.access_token(grant)
    for _ in range(2):
        answer = post(world, "/oauth2/revoke", application, token=token, client_secret=secret)
        assert (answer.status_code, answer.content) == (200, b"")
    status = [
        world.client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {each}"})
        for each in (token, other)
    ]
    assert [each.status_code for each in status] == [401, 200]
    [event] = ApplicationEvent.objects.using(world.alias)
    assert (event.kind, event.account_id) == ("tokens_revoked", grant.account_id)


def test_giving_a_refresh_token_back_ends_all(world: World) -> None:
    application = world.app(pkce_required=False)
    grant = world.grant(application, scope="openid offline_access")
    told = world.redeem(application, world.code(grant)).json()
    answer = post(world, "/oauth2/revoke", application, token=told["refresh_token"])
    assert answer.status_code == 200
    grant.refresh_from_db()
    assert grant.revoked_at == NOW
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    assert world.client.get("/oauth2/userinfo", headers=headers).status_code == 401


@pytest.mark.parametrize("token", ["somebody else's", "unknown"])
def test_what_is_not_ones_own_stays_and_nobody_learns_of_it(world: World, token: str) -> None:
    stranger = world.app()
    if token != "unknown":
        token = world.access_token(world.grant(world.app()))
    before = world.snapshot()
    answer = post(world, "/oauth2/revoke", stranger, token=token)
    assert (answer.status_code, answer.content) == (200, b"")
    assert world.snapshot() == before


def test_delete_token_ends_the_token_that_is_sent(world: World) -> None:
    token = world.access_token(world.grant(world.app()))
    headers = {"Authorization": f"Bearer {token}"}
    answer = world.client.delete("/token", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"result": "success", "data": True})
    assert world.client.get("/oauth2/userinfo", headers=headers).status_code == 401
    [event] = ApplicationEvent.objects.using(world.alias)
    assert event.kind == "tokens_revoked"
    again = world.client.delete("/token", headers=headers)
    assert again.status_code == 401
    assert again.json()["error"]["code"] == "not_authorized"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer unknown"}]
)
def test_delete_token_without_a_living_one_changes_nothing(
    world: World, headers: dict[str, str]
) -> None:
    world.access_token(world.grant(world.app()))
    before = world.snapshot()
    answer = world.client.delete("/token", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["result"] == "error"
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert world.snapshot() == before


def test_refusals_that_the_log_has_no_room_for_change_nothing(world: World) -> None:
    application = world.app()
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    post(world, "/token", application, **form)
    world.log_has_room = False
    assert post(world, "/token", application, **form).json()["error"] == "invalid_grant"
    assert ApplicationEvent.objects.using(world.alias).count() == 1


def test_what_must_end_ends_although_the_log_is_full(world: World) -> None:
    application = world.app(pkce_required=False)
    grant = world.grant(application)
    code = world.code(grant)
    assert world.redeem(application, code).status_code == 200
    world.log_has_room = False
    assert world.redeem(application, code).status_code == 400
    grant.refresh_from_db()
    assert grant.revoked_at == NOW
