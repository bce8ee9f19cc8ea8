from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.bearer import Presented, TokenView, check, read
from hospes.protocols.oauth.errors import BearerRefusal, OAuthError
from hospes.protocols.oauth.parameters import Parameters

NOTHING = Parameters({})
POSTED = Parameters({"access_token": "abc"})
TWICE = Parameters({"access_token": "abc"}, frozenset({"access_token"}))
LIVE = TokenView("openid email", 100, None, None, "active")


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc"])
def test_the_header_is_read(header: str) -> None:
    assert read(header, query=NOTHING, form=NOTHING) == Presented("abc")


def test_a_form_is_read() -> None:
    assert read("", query=NOTHING, form=POSTED) == Presented("abc")


def test_the_scheme_of_a_proof_is_told_apart() -> None:
    for header in ("DPoP abc", "dpop abc", "DPOP  abc"):
        assert read(header, query=NOTHING, form=NOTHING) == Presented("abc", dpop=True)


@pytest.mark.standard("RFC 9449", "7.1")
def test_the_challenge_names_the_scheme_that_was_used() -> None:
    refusal = BearerRefusal("invalid_token", "No.")
    dpop = dict(refusal.answer(dpop=True).headers)["WWW-Authenticate"]
    assert dpop.startswith('DPoP realm="hospes", error="invalid_token"')
    assert dpop.endswith(', algs="PS256 ES256 EdDSA"')
    both = [
        value
        for name, value in BearerRefusal().answer(dpop=None).headers
        if name == "WWW-Authenticate"
    ]
    assert both == ['Bearer realm="hospes"', 'DPoP algs="PS256 ES256 EdDSA"']
    for code in ("invalid_dpop_proof", "use_dpop_nonce", "invalid_token", ""):
        assert BearerRefusal(code).answer(dpop=True).status == 401


@pytest.mark.parametrize(
    ("header", "query", "form", "code"),
    [
        ("", NOTHING, NOTHING, ""),
        ("Basic abc", NOTHING, NOTHING, ""),
        ("Bearer", NOTHING, NOTHING, "invalid_request"),
        ("Bearer a b", NOTHING, NOTHING, "invalid_request"),
        ("Bearer é", NOTHING, NOTHING, "invalid_request"),
        ("Bearer abc,def", NOTHING, NOTHING, "invalid_request"),
        ("Bearer " + "a" * 8001, NOTHING, NOTHING, "invalid_request"),
        ("Bearer abc", NOTHING, POSTED, "invalid_request"),
        ("", NOTHING, TWICE, "invalid_request"),
        ("", POSTED, NOTHING, "invalid_request"),
        ("Bearer abc", POSTED, NOTHING, "invalid_request"),
        ("Bearer abc", Parameters({}, frozenset({"access_token"})), NOTHING, "invalid_request"),
    ],
)
def test_anything_else_is_refused(
    header: str, query: Parameters, form: Parameters, code: str
) -> None:
    with pytest.raises(BearerRefusal) as caught:
        read(header, query=query, form=form)
    assert caught.value.code == code


def test_a_live_token_with_the_scope_passes() -> None:
    check(LIVE, required_scope="openid", now=99)
    check(replace(LIVE, expires_at=None), required_scope="email", now=10**9)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (replace(LIVE, expires_at=99), "invalid_token"),
        (replace(LIVE, revoked_at=1), "invalid_token"),
        (replace(LIVE, grant_revoked_at=1), "invalid_token"),
        (replace(LIVE, account_state="locked"), "invalid_token"),
        (replace(LIVE, account_state="deleted"), "invalid_token"),
        (replace(LIVE, scope="email"), "insufficient_scope"),
        (replace(LIVE, scope="openidx"), "insufficient_scope"),
    ],
)
def test_any_other_token_is_refused(token: TokenView, code: str) -> None:
    with pytest.raises(BearerRefusal) as caught:
        check(token, required_scope="openid", now=99)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("refusal", "status", "challenge"),
    [
        (BearerRefusal(), 401, 'Bearer realm="hospes"'),
        (
            BearerRefusal("invalid_token", "No."),
            401,
            'Bearer realm="hospes", error="invalid_token", error_description="No."',
        ),
        (
            BearerRefusal("invalid_request", "No."),
            400,
            'Bearer realm="hospes", error="invalid_request", error_description="No."',
        ),
        (
            BearerRefusal("insufficient_scope", "No.", scope="openid"),
            403,
            'Bearer realm="hospes", error="insufficient_scope", error_description="No.", scope="openid"',  # noqa: E501 - one header
        ),
    ],
)
def test_a_refusal_speaks_rfc_6750(refusal: BearerRefusal, status: int, challenge: str) -> None:
    answer = refusal.answer()
    assert answer.status == status
    assert dict(answer.headers)["WWW-Authenticate"] == challenge
    assert dict(answer.headers)["Cache-Control"] == "no-store"
    assert answer.body.get("error", "") == refusal.code


@pytest.mark.parametrize(
    ("code", "status", "challenged"),
    [
        ("invalid_client", 401, True),
        ("invalid_request", 400, False),
        ("invalid_grant", 400, False),
        ("unsupported_grant_type", 400, False),
        ("unauthorized_client", 400, False),
        ("server_error", 500, False),
    ],
)
def test_a_token_error_speaks_rfc_6749(code: str, status: int, *, challenged: bool) -> None:
    answer = OAuthError(code, "No.").answer()
    assert answer.status == status
    assert answer.body == {"error": code, "error_description": "No."}
    assert ("WWW-Authenticate" in dict(answer.headers)) is challenged
    assert dict(answer.headers)["Cache-Control"] == "no-store"


@given(st.text(), st.text())
def test_any_header_is_read_or_refused(scheme: str, rest: str) -> None:
    for header in (f"{scheme} {rest}", f"Bearer {rest}"):
        try:
            assert read(header, query=NOTHING, form=NOTHING)
        except BearerRefusal:
            pass
