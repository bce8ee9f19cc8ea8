"""What the guard refuses below ``/api/``: in the API's envelope."""

from __future__ import annotations

import pytest

from support.site import Site


@pytest.fixture
def program():
    return Site(raise_exceptions=False).client


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"method": "GET", "url": "/api/1/products?search=%zz"}, 400, "invalid_request"),
        ({"method": "BREW", "url": "/api/1/ping"}, 405, "method_not_allowed"),
        (
            {"method": "POST", "url": "/api/1/tokens/leaked", "content": b"x" * 7_000_000},
            413,
            "body_too_large",
        ),
        (
            {"method": "GET", "url": "/api/1/ping", "headers": {"Host": "evil.example"}},
            421,
            "invalid_request",
        ),
    ],
)
def test_the_envelope_tells(program, request_, status, code):
    answer = program.request(**request_)

    assert answer.status_code == status
    told = answer.json()
    assert told["result"] == "error"
    assert told["error"]["code"] == code
    assert told["error"]["description"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_pages_are_refused_in_words(program):
    answer = program.request("BREW", "/sign-in")

    assert answer.status_code == 405
    assert answer.headers["content-type"].startswith("text/plain")
