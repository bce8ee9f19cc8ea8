from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocols.oauth.test_authorize import CALLBACK, refused


def unsigned(alg: str = "none", signature: str = "", **members: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
             for part in ({"alg": alg}, members)]  # fmt: skip
    return ".".join((*parts, signature))


INSIDE = {"response_mode": "form_post", "state": "s2", "redirect_uri": "https://evil.example/"}


@pytest.mark.parametrize(
    ("request_object", "changes", "mode", "state"),
    [
        (unsigned(**INSIDE), {"state": None}, "form_post", "s2"),
        (unsigned(**INSIDE), {}, "form_post", "s1"),
        (unsigned(**INSIDE), {"response_mode": "query"}, "query", "s1"),
        (unsigned(state="x" * 3000), {"state": None}, "query", "x" * 2000),
        (unsigned(**{**INSIDE, "response_mode": "fragment"}), {"state": None}, "query", "s2"),
        (unsigned(response_mode=["form_post"], state=7), {"state": None}, "query", ""),
        (unsigned(state="a\ud800"), {"state": None}, "query", ""),
        (unsigned(state="a\nb"), {"state": None}, "query", ""),
        (unsigned(alg="RS256", **INSIDE), {"state": None}, "query", ""),
        (unsigned(signature="AA", **INSIDE), {"state": None}, "query", ""),
        (unsigned(**INSIDE, padding="x" * 9000), {"state": None}, "query", ""),
        ("a.b.", {"state": None}, "query", ""),
        ("é.é.", {"state": None}, "query", ""),
        ("W10.W10.", {"state": None}, "query", ""),
        ("no object", {"state": None}, "query", ""),
    ],
)
def test_a_request_object_is_refused_in_the_way_it_asks_for(
    request_object: str, changes: dict[str, str | None], mode: str, state: str
) -> None:
    error = refused(request=request_object, **changes)
    assert (error.code, error.redirect_uri) == ("request_not_supported", CALLBACK)
    assert (error.response_mode, error.state) == (mode, state)


@given(st.text() | st.text(alphabet="abW10.=-_"))
def test_any_request_object_is_refused(text: str) -> None:
    if text:
        assert refused(request=text).code == "request_not_supported"
