from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import pkce
from hospes.protocols.oauth.clients import ClientView, Credentials
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.codes import CodeRequest, CodeView, decide
from hospes.protocols.oauth.issuing import Allowed, Denied, response
from hospes.protocols.oauth.parameters import LISTS, Parameters, from_pairs
from hospes.protocols.oauth.token import NAMES, parse

NOW = 1_000_000
CALLBACK = "https://app.example/cb"
VERIFIER = "v" * 43
NOTHING = Parameters({})
WEB = ClientView("web-1", "web", pkce_required=False)
STRICT = replace(WEB, pkce_required=True)
BODY = {
    "grant_type": "authorization_code",
    "code": "c1",
    "redirect_uri": CALLBACK,
    "client_id": "web-1",
    "client_secret": "x",
}
REQUEST = CodeRequest(Credentials("web-1", "client_secret_post", "x"), CALLBACK, "c1")
PROVING = replace(REQUEST, code_verifier=VERIFIER)
CODE = CodeView("web-1", CALLBACK, "", NOW + 60, None, None, "active")
BOUND = replace(CODE, code_challenge=pkce.challenge_of(VERIFIER))


def test_a_request_is_read() -> None:
    assert parse("", from_pairs(BODY.items()), query=NOTHING) == REQUEST


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "Authorization_Code"}, "unsupported_grant_type"),
        ({"client_id": ""}, "invalid_client"),
        ({"code": ""}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"code_verifier": "v" * 129}, "invalid_request"),
    ],
)
def test_a_faulty_request_is_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(OAuthError) as caught:
        parse("", from_pairs({**BODY, **changes}.items()), query=NOTHING)
    assert caught.value.code == code


@pytest.mark.parametrize("name", sorted({*NAMES} - LISTS))
def test_a_parameter_that_comes_twice_is_refused(name: str) -> None:
    pairs = [*BODY.items(), (name, "a"), (name, "a")]
    with pytest.raises(OAuthError) as caught:
        parse("", from_pairs(pairs), query=NOTHING)
    assert caught.value.code == "invalid_request"
    assert name in caught.value.description


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_in_the_address_is_refused(name: str) -> None:
    with pytest.raises(OAuthError) as caught:
        parse("", from_pairs(BODY.items()), query=Parameters({name: "a"}))
    assert caught.value.code == "invalid_request"


def test_an_unknown_parameter_is_ignored() -> None:
    pairs = [*BODY.items(), ("audience", "a"), ("audience", "b")]
    assert parse("", from_pairs(pairs), query=Parameters({"lang": "fr"})) == REQUEST


@pytest.mark.parametrize(
    ("request_", "client", "code"),
    [
        (REQUEST, WEB, CODE),
        (PROVING, WEB, BOUND),
        (PROVING, STRICT, BOUND),
        (REQUEST, WEB, replace(CODE, expires_at=NOW + 1)),
    ],
)
def test_a_right_request_is_allowed(
    request_: CodeRequest, client: ClientView, code: CodeView
) -> None:
    assert decide(request_, client, code, now=NOW) == Allowed()


@pytest.mark.parametrize(
    ("request_", "client", "code", "revoke"),
    [
        (REQUEST, WEB, None, False),
        (REQUEST, WEB, replace(CODE, client_id="web-2"), False),
        (REQUEST, WEB, replace(CODE, client_id="web-2", used_at=NOW), False),
        (REQUEST, WEB, replace(CODE, expires_at=NOW), False),
        (REQUEST, WEB, replace(CODE, grant_revoked_at=NOW - 1), False),
        (REQUEST, WEB, replace(CODE, account_state="locked"), False),
        (REQUEST, WEB, replace(CODE, account_state="deleted"), False),
        (replace(REQUEST, redirect_uri=CALLBACK + "/"), WEB, CODE, False),
        (replace(REQUEST, redirect_uri="é"), WEB, CODE, False),
        (replace(PROVING, code_verifier="w" * 43), WEB, BOUND, False),
        (REQUEST, STRICT, CODE, False),
        (REQUEST, WEB, replace(CODE, used_at=NOW), True),
        (REQUEST, WEB, replace(CODE, used_at=NOW - 3600, expires_at=NOW - 3590), True),
    ],
)
def test_a_wrong_request_is_denied_and_only_reuse_ends_the_grant(
    request_: CodeRequest, client: ClientView, code: CodeView | None, *, revoke: bool
) -> None:
    result = decide(request_, client, code, now=NOW)
    assert isinstance(result, Denied)
    assert result.error.code == "invalid_grant"
    assert result.revoke is revoke


@pytest.mark.parametrize(("request_", "code"), [(REQUEST, BOUND), (PROVING, CODE)])
@pytest.mark.parametrize("client", [WEB, STRICT])
def test_cve_2023_48228_challenge_and_verifier_come_together_or_not_at_all(
    request_: CodeRequest, code: CodeView, client: ClientView
) -> None:
    result = decide(request_, client, code, now=NOW)
    assert isinstance(result, Denied)
    assert result.error.code == "invalid_grant"


def test_a_machine_gets_no_tokens_for_a_code() -> None:
    result = decide(REQUEST, replace(WEB, type="other"), CODE, now=NOW)
    assert isinstance(result, Denied)
    assert result.error.code == "unauthorized_client"


def test_the_answer_names_type_lifetime_and_scope() -> None:
    assert response(access_token="a", expires_in=7200, scope="email") == {
        "access_token": "a",
        "token_type": "Bearer",
        "expires_in": 7200,
        "scope": "email",
    }
    assert response(access_token="a", expires_in=1, scope="openid", id_token="j")["id_token"] == "j"


def test_secrets_never_show_in_a_representation() -> None:
    shown = repr(replace(PROVING, code="hush-code"))
    assert "hush" not in shown
    assert VERIFIER not in shown


@given(st.text(), st.lists(st.tuples(st.sampled_from(NAMES), st.text())))
def test_any_request_is_read_or_refused(authorization: str, pairs: list[tuple[str, str]]) -> None:
    try:
        request_ = parse(authorization, from_pairs(pairs), query=NOTHING)
    except OAuthError:
        return
    decide(request_, WEB, BOUND, now=NOW)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([VERIFIER, "w" * 43, ""]),
            st.sampled_from([CALLBACK, "https://evil.example/"]),
            st.sampled_from(["web-1", "web-2"]),
            st.integers(0, 90),
        ),
        max_size=12,
    )
)
def test_no_sequence_of_attempts_issues_tokens_twice(
    attempts: list[tuple[str, str, str, int]],
) -> None:
    code = replace(BOUND, expires_at=NOW + 60)
    now, issued = NOW, 0
    for verifier, uri, client_id, wait in attempts:
        now += wait
        asked = replace(PROVING, code_verifier=verifier, redirect_uri=uri)
        result = decide(asked, replace(STRICT, client_id=client_id), code, now=now)
        if isinstance(result, Allowed):
            issued += 1
            assert (verifier, uri, client_id) == (VERIFIER, CALLBACK, "web-1")
            assert now < NOW + 60
            code = replace(code, used_at=now)
        elif result.revoke:
            code = replace(code, grant_revoked_at=now)
    assert issued <= 1
