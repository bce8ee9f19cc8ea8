"""Signing devices in (RFC 8628) on the hot plane, on both databases."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from edge.world import ISSUER, KEYS, NOW, NUMBERS
from joserfc import jwt

from hospes.connect.models import Application, ApplicationEvent, DeviceRequest, Grant, Token
from hospes.edge import device_statements
from hospes.identity.models import Account
from hospes.protocols.oauth import options
from hospes.protocols.oauth.clients import secret_hash
from hospes.protocols.oauth.grants.device import DEVICE
from hospes.protocols.oauth.options import ClientOptions

if TYPE_CHECKING:
    import httpx
    from edge.world import World

ASK = "/oauth2/device"
OPTIONS = options.write(ClientOptions(further_grant_types=(DEVICE,)))


def television(world: World, **values: Any) -> Application:
    """Return an application without a secret that may sign devices in."""
    return world.app(**{"secrets_": (), "type": "mobile", "options": OPTIONS, **values})


def ask(world: World, application: Application, **changes: Any) -> httpx.Response:
    form = {"client_id": application.client_id, "scope": "openid email", **changes}
    return world.client.post(ASK, data={k: v for k, v in form.items() if v is not None})


class Device:
    """One device that waits, and what happens to its request."""

    def __init__(self, world: World, application: Application, **changes: Any) -> None:
        self.world = world
        self.application = application
        answer = ask(world, application, **changes)
        assert answer.status_code == 200, answer.text
        self.told = answer.json()
        self.code = self.told["device_code"]

    @property
    def row(self) -> DeviceRequest:
        return DeviceRequest.objects.using(self.world.alias).get(
            device_code_hash=secret_hash(self.code)
        )

    def approve(self, **values: Any) -> Grant:
        grant: Grant = self.world.grant(
            self.application, scope=self.row.scope, nonce="", auth_time=NOW, **values
        )
        self.change(grant=grant)
        return grant

    def change(self, **values: Any) -> None:
        DeviceRequest.objects.using(self.world.alias).filter(pk=self.row.pk).update(**values)

    def poll(self, client: httpx.Client | None = None, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": DEVICE,
            "device_code": self.code,
            "client_id": self.application.client_id,
            **changes,
        }
        return (client or self.world.client).post("/token", data=form)

    def error(self, **changes: Any) -> str:
        answer = self.poll(**changes)
        assert answer.status_code in {400, 401}, answer.text
        return str(answer.json()["error"])


@pytest.fixture
def device(world: World) -> Device:
    return Device(world, television(world))


def tokens(world: World) -> int:
    return Token.objects.using(world.alias).count()


# ---- asking for a code -----------------------------------------------------------------------


@pytest.mark.standard("RFC 8628", "3.2")
def test_a_device_gets_both_codes(world: World) -> None:
    answer = ask(world, television(world))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    told = answer.json()
    assert (told["expires_in"], told["interval"]) == (600, 5)
    assert isinstance(told["expires_in"], int)
    assert told["verification_uri"] == f"{ISSUER}/device"
    complete = urlsplit(told["verification_uri_complete"])
    assert parse_qs(complete.query) == {"user_code": [told["user_code"]]}
    row = DeviceRequest.objects.using(world.alias).get()
    # Both stand in the database as hashes only.
    assert row.device_code_hash == secret_hash(told["device_code"])
    assert row.user_code_hash == secret_hash(told["user_code"].replace("-", ""))
    assert (row.scope, row.address, row.expires_at) == ("email openid", "192.0.2.1", NOW + 600)
    assert (row.grant_id, row.refused_at, row.used_at) == (None, None, None)


def test_the_lifetime_is_a_setting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NUMBERS, "connect.device_code_minutes", 3)
    assert ask(world, television(world)).json()["expires_in"] == 180


def test_one_with_a_secret_proves_itself(world: World) -> None:
    application = world.app(options=OPTIONS)
    assert ask(world, application).status_code == 401
    assert ask(world, application, client_secret="wrong").status_code == 401
    assert DeviceRequest.objects.using(world.alias).count() == 0
    right = world.secret_of(application)
    assert ask(world, application, client_secret=right).status_code == 200


def test_who_does_not_have_the_grant_gets_no_code_and_its_owner_reads_why(world: World) -> None:
    application = television(world, options="")
    answer = ask(world, application)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert DeviceRequest.objects.using(world.alias).count() == 0
    event = ApplicationEvent.objects.using(world.alias).get()
    assert (event.kind, event.detail["error"]) == ("request_refused", "unauthorized_client")


def test_an_unknown_application_learns_nothing(world: World) -> None:
    answer = world.client.post(ASK, data={"client_id": "nobody", "scope": "openid"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_other_ways_to_ask(world: World) -> None:
    assert world.client.get(ASK).status_code == 405
    application = television(world)
    answer = world.client.post(f"{ASK}?scope=openid", data={"client_id": application.client_id})
    assert answer.json()["error"] == "invalid_request"


def test_a_flood_of_codes_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NUMBERS, "connect.device_requests_per_minute", 3)
    application = television(world)
    seen = [ask(world, application).status_code for _ in range(5)]
    assert seen == [200, 200, 200, 429, 429]
    assert "retry-after" in ask(world, application).headers
    assert DeviceRequest.objects.using(world.alias).count() == 3
    world.now += 61
    assert ask(world, application).status_code == 200


def test_a_code_that_is_taken_is_not_given_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = ["BCDFGHJK", "BCDFGHJK", "ZZZZZZZZ"]
    monkeypatch.setattr("hospes.protocols.oauth.device.user_code", lambda _chance: drawn.pop(0))
    application = television(world)
    assert ask(world, application).json()["user_code"] == "BCDF-GHJK"
    assert ask(world, application).json()["user_code"] == "ZZZZ-ZZZZ"


# ---- polling ---------------------------------------------------------------------------------


@pytest.mark.standard("RFC 8628", "3.5")
def test_a_yes_becomes_tokens_once(world: World, device: Device) -> None:
    assert device.error() == "authorization_pending"
    grant = device.approve()
    world.now += 5
    answer = device.poll()
    assert answer.status_code == 200
    body = answer.json()
    assert (body["scope"], body["expires_in"]) == ("email openid", 7200)
    told = jwt.decode(body["id_token"], KEYS["RS256"], algorithms=["RS256"]).claims
    assert grant.account
    assert (told["sub"], told["aud"]) == (grant.account.public_id, device.application.client_id)
    assert "nonce" not in told
    assert device.row.used_at == world.now
    assert tokens(world) == 1
    assert device.error() == "invalid_grant"
    assert tokens(world) == 1


def test_offline_access_gives_a_refresh_token_that_works(world: World) -> None:
    device = Device(world, television(world), scope="openid offline_access")
    device.approve()
    first = device.poll().json()
    form = {
        "grant_type": "refresh_token",
        "refresh_token": first["refresh_token"],
        "client_id": device.application.client_id,
    }
    assert world.client.post("/token", data=form).status_code == 200


@pytest.mark.standard("RFC 8628", "3.5")
def test_hasty_questions_slow_the_device_down(world: World, device: Device) -> None:
    assert device.error() == "authorization_pending"
    world.now += 1
    assert device.error() == "slow_down"
    assert device.row.interval_seconds == 10
    world.now += 6
    assert device.error() == "slow_down"
    assert device.row.interval_seconds == 15
    world.now += 15
    assert device.error() == "authorization_pending"
    assert device.row.interval_seconds == 15


def test_a_no_and_an_end(world: World, device: Device) -> None:
    device.change(refused_at=NOW)
    assert device.error() == "access_denied"
    other = Device(world, device.application)
    world.now += 600
    assert other.error() == "expired_token"
    assert tokens(world) == 0


@pytest.mark.parametrize("what", ["grant", "account"])
def test_a_yes_that_no_longer_holds_gives_nothing(world: World, device: Device, what: str) -> None:
    grant = device.approve()
    if what == "grant":
        Grant.objects.using(world.alias).update(revoked_at=NOW)
    else:
        assert grant.account
        Account.objects.using(world.alias).filter(pk=grant.account.pk).update(state="locked")
    assert device.error() == "access_denied"
    assert tokens(world) == 0


def test_a_grant_that_ends_between_the_decision_and_the_token_gives_none(
    world: World, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.approve()
    real = device_statements.use

    def late(request_id: int, *, now: int) -> Any:
        Grant.objects.using(world.alias).update(revoked_at=NOW)
        return real(request_id, now=now)

    monkeypatch.setattr(device_statements, "use", late)
    assert device.error() == "access_denied"
    assert tokens(world) == 0


def test_another_application_cannot_take_the_code(world: World, device: Device) -> None:
    device.approve()
    thief = television(world)
    assert device.error(client_id=thief.client_id) == "invalid_grant"
    assert device.row.used_at is None
    assert device.poll().status_code == 200


def test_a_user_code_is_no_device_code(world: World, device: Device) -> None:
    device.approve()
    for code in (device.told["user_code"], device.row.device_code_hash, ""):
        assert device.error(device_code=code) in {"invalid_grant", "invalid_request"}
    assert tokens(world) == 0


def test_a_grant_that_is_switched_off_gives_nothing(world: World, device: Device) -> None:
    device.approve()
    Application.objects.using(world.alias).filter(pk=device.application.pk).update(options="")
    assert device.error() == "unauthorized_client"
    assert tokens(world) == 0


def test_of_many_that_ask_at_once_one_gets_tokens(world: World, device: Device) -> None:
    device.approve()
    found: list[int] = []

    def work() -> None:
        found.append(device.poll(world.new_client()).status_code)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [200, 400, 400, 400, 400, 400]
    assert tokens(world) == 1
