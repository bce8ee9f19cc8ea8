"""The gate over the whole stack: tokens as people get them, ended as people end them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.api_tokens import Program, make_token, row_of

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("path", ["/ping", "/1/ping"])
def test_ping(make_account: Callable[..., Any], path: str) -> None:
    answer = Program(make_token(make_account())).get(path)
    assert answer.status_code == 200
    assert answer.json() == {"result": "success", "data": "pong"}
    assert answer.headers["RateLimit"] == '"token";r=59;t=60'


def test_without_a_token() -> None:
    answer = Program().get("/1/ping")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_authorized"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hospes"'


def test_the_sixty_first_is_refused_and_no_other_token(make_account: Callable[..., Any]) -> None:
    account = make_account()
    api, other = Program(make_token(account)), Program(make_token(account))
    assert {api.get("/1/ping").status_code for _ in range(60)} == {200}
    refused = api.get("/1/ping")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too_many_request"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert other.get("/1/ping").status_code == 200


def test_a_use_is_written_down(make_account: Callable[..., Any]) -> None:
    token = make_token(make_account())
    assert row_of(token).last_used_at is None
    Program(token, ip="192.0.2.77").get("/1/ping")
    assert row_of(token).last_used_ip == "192.0.2.77"
