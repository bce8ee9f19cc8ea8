"""The API's gate on both databases: who comes past it, and how often."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import MOMENT, NOW

from hospes.api.models import ApiToken
from hospes.edge import api_statements
from hospes.foundation.counters.memory import Memory
from hospes.foundation.counters.shared import Shared
from hospes.kit import api_tokens
from hospes.organizations.models import Membership, Organization

if TYPE_CHECKING:
    from edge.world import World

PING = "/api/1/ping"


def token_of(world: World, **values: Any) -> tuple[str, ApiToken]:
    value = api_tokens.make(secrets.token_bytes(api_tokens.RANDOM_BYTES))
    row = world.make(
        ApiToken,
        account=values.pop("account", None) or world.account(),
        **{
            "name": "Mine",
            "token_hash": api_tokens.hash_of(value),
            "hint": value[-4:],
            "scope": "accounts:read",
            "created_at": NOW - 100,
            **values,
        },
    )
    return value, row


def ask(world: World, token: str, path: str = PING, **headers: str) -> Any:
    return world.client.get(path, headers={"Authorization": f"Bearer {token}", **headers})


def test_each_statement_runs(world: World) -> None:
    with world.database.writing() as connection:
        assert connection.rows(api_statements.BEARER, "0" * 64) == []
        assert connection.change(api_statements.USE_BEARER, NOW, "192.0.2.1", 0, NOW) == 0
    assert set(api_statements.ALL) == {"BEARER", "USE_BEARER"}


def test_exactly_sixty_of_many_threads_come_through(world: World) -> None:
    token, _row = token_of(world)
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda _n: ask(world, token).status_code, range(200)))
    assert codes.count(200) == 60
    assert codes.count(429) == 140


def test_the_window_slides(world: World) -> None:
    token, _row = token_of(world)
    for second in range(60):
        world.now = NOW + second
        assert ask(world, token).status_code == 200
    refused = ask(world, token)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    world.now = NOW + 60
    assert ask(world, token).status_code == 200
    assert ask(world, token).status_code == 429


def test_exactly_sixty_between_processes(world: World, redis: str) -> None:
    stores = [Shared(redis, fallback=Memory(), monotonic=time.monotonic) for _ in range(2)]
    _token, row = token_of(world)
    now = NOW * 1_000_000
    key = f"{row.pk}.{secrets.token_hex(4)}"

    def hit(number: int) -> bool:
        return stores[number % 2].hit("api.token", key, 60, 60_000_000, now + number).allowed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(hit, range(120))) == 60
    late = stores[0].hit("api.token", key, 60, 60_000_000, now + 30_000_000)
    assert not late.allowed
    assert 30 <= late.frees_in <= 31


def test_a_use_is_written_once_a_minute(world: World) -> None:
    token, row = token_of(world)

    def used() -> int | None:
        return ApiToken.objects.using(world.alias).get(pk=row.pk).last_used_at

    ask(world, token)
    assert used() == NOW
    world.now = NOW + 59
    ask(world, token)
    assert used() == NOW
    world.now = NOW + 60
    ask(world, token)
    assert used() == NOW + 60


@pytest.mark.parametrize("change", ["upper", "lower", "cut", "long", "wrong check"])
def test_what_is_nearly_a_token(world: World, change: str) -> None:
    token, row = token_of(world)
    wrong = {
        "upper": token.upper(),
        "lower": token.lower(),
        "cut": token[:-1],
        "long": token + "0",
        "wrong check": token[:-1] + ("1" if token[-1] == "0" else "0"),
    }[change]
    answer = ask(world, wrong)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    row.refresh_from_db(using=world.alias)
    assert row.last_used_at is None


def test_a_token_elsewhere_than_in_the_header(world: World) -> None:
    token, _row = token_of(world)
    for answer in (
        world.client.get(PING, params={"access_token": token}),
        world.client.get(PING, params={"token": token}),
        world.client.post(PING, data={"access_token": token}),
        world.client.get(PING, headers={"Cookie": f"token={token}"}),
        world.client.get(PING, auth=(token, token)),
    ):
        assert answer.status_code == 401
        assert answer.headers["RateLimit-Policy"] == '"network";q=60;w=60'


def test_the_scheme_in_any_case_and_no_nul(world: World) -> None:
    token, _row = token_of(world)
    assert world.client.get(PING, headers={"Authorization": f"bEARER {token}"}).status_code == 200
    assert ask(world, f"{token}\0").status_code == 400


def test_nobody_outside_names_the_principal(world: World) -> None:
    for name in ("Hospes-Principal", "hospes.principal", "Hospes_Principal"):
        assert world.client.get("/api/1/accounts", headers={name: "1"}).status_code == 401


def test_what_is_handed_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    token, row = token_of(world, scope="accounts:read products:read")
    seen: list[Any] = []

    def behind(environ: Any, start_response: Any) -> list[bytes]:
        seen.append(environ.get("hospes.principal"))
        start_response("404 Not Found", [("Access-Control-Expose-Headers", "ETag, X-Own")])
        return [b""]

    from hospes.edge.api_gate import Gate
    from hospes.edge.app import HotPlane

    plane = world.application._application
    assert isinstance(plane, HotPlane)
    monkeypatch.setattr(plane, "_gate", Gate(behind, plane._services))
    answer = ask(world, token, "/api/1/accounts")
    [principal] = seen
    assert principal.token_id == row.pk
    assert principal.scopes == {"accounts:read", "products:read"}
    assert (principal.organization_id, principal.product_ids) == (None, None)
    assert answer.headers["X-RateLimit-Remaining"] == "59"
    assert "X-Own" in answer.headers["Access-Control-Expose-Headers"]
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("networks", "status"),
    [("", 200), ("192.0.2.0/24", 200), ("2001:db8::/32 192.0.2.1/32", 200), ("10.0.0.0/8", 403)],
)
def test_networks(world: World, networks: str, status: int) -> None:
    token, _row = token_of(world, networks=networks)
    assert ask(world, token).status_code == status


def test_limited_to_an_organization(world: World) -> None:
    account = world.account()
    organization = world.make(
        Organization, public_id=secrets.token_hex(8), name="A", created_at=MOMENT
    )
    token, _row = token_of(world, account=account, organization=organization, only_products=True)
    assert ask(world, token).status_code == 403
    world.make(
        Membership, organization=organization, account=account, role="normal", created_at=MOMENT
    )
    assert ask(world, token).status_code == 200
    with world.database.reading() as connection:
        row = api_statements.api_token(connection, api_tokens.hash_of(token))
    assert row is not None
    assert row.product_ids == frozenset()


def test_failing_ones_are_throttled_and_working_ones_are_not(world: World) -> None:
    token, _row = token_of(world)
    codes = [ask(world, "nothing").status_code for _ in range(61)]
    assert codes == [401] * 60 + [429]
    assert ask(world, token).status_code == 200


def test_open_addresses_need_no_token(world: World) -> None:
    for path in ("/api/docs", "/api/docs/try.js", "/api/openapi.json", "/api/1/tokens/leaked"):
        assert world.client.get(path).text == f"page {path}"
    assert world.client.options("/api/1/accounts").status_code == 200
