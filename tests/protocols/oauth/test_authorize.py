from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import authorize, clients, pkce
from hospes.protocols.oauth.authorize import (
    AuthorizeRequest,
    PageError,
    RedirectError,
    Validated,
    failure,
    parse,
    success,
    success_location,
    validate,
)
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.parameters import UnreadableError, from_pairs, from_urlencoded

ISSUER = "https://login.example"
CALLBACK = "https://app.example/cb"
CHALLENGE = pkce.challenge_of("v" * 43)
WEB = ClientView("web-1", "web", redirect_uris=(CALLBACK, "https://app.example/cb?site=2"))
LENIENT = replace(WEB, pkce_required=False)
MOBILE = ClientView("app-1", "mobile", redirect_uris=("com.example.app:/cb", "http://127.0.0.1/cb"))
BASIC = {
    "client_id": "web-1",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid",
    "state": "s1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def judged(
    client: ClientView | None = WEB, **changes: str | None
) -> Validated | RedirectError | PageError:
    values = {**BASIC, **changes}
    request = parse(from_pairs((name, value) for name, value in values.items() if value))
    return request if isinstance(request, PageError) else validate(request, client)


def allowed(client: ClientView = WEB, **changes: str | None) -> Validated:
    result = judged(client, **changes)
    assert isinstance(result, Validated), result
    return result


def refused(client: ClientView = WEB, **changes: str | None) -> RedirectError:
    result = judged(client, **changes)
    assert isinstance(result, RedirectError), result
    return result


def test_a_plain_request_is_allowed_with_everything_it_said() -> None:
    result = allowed(
        scope="email openid profile",
        nonce="n1",
        max_age="3600",
        prompt="consent login",
        login_hint="ada@example.org",
        ui_locales="fr-CH de",
        claims_locales="it",
        acr_values="2 1",
        display="popup",
        id_token_hint="x.y.z",
    )
    assert result == Validated(
        client_id="web-1",
        redirect_uri=CALLBACK,
        scope=("openid", "profile", "email"),
        state="s1",
        nonce="n1",
        code_challenge=CHALLENGE,
        prompt=frozenset({"login", "consent"}),
        max_age=3600,
        id_token_hint="x.y.z",
        login_hint="ada@example.org",
        ui_locales=("fr-CH", "de"),
        claims_locales=("it",),
        acr_values=("2", "1"),
        display="popup",
    )
    assert result.scope_text == "openid profile email"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": None}, "client_id_missing"),
        ({"client_id": "nobody"}, "client_unknown"),
        ({"redirect_uri": None}, "redirect_uri_missing"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": CALLBACK + "/"}, "redirect_uri_mismatch"),
    ],
)
def test_what_could_send_people_astray_is_shown_on_a_page(
    changes: dict[str, str | None], expected: str
) -> None:
    result = judged(**changes)
    assert isinstance(result, PageError)
    assert result.code == expected


def test_an_unknown_client_is_shown_on_a_page() -> None:
    assert judged(None) == PageError("client_unknown")


def test_a_mismatch_names_what_came_and_what_is_registered() -> None:
    assert judged(redirect_uri="https://evil.example/") == PageError(
        "redirect_uri_mismatch", "https://evil.example/", WEB.redirect_uris
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"client_id=web-1&client_id=web-1&redirect_uri={CALLBACK}", "client_id_repeated"),
        (f"client_id=web-1&redirect_uri={CALLBACK}&redirect_uri=x", "redirect_uri_repeated"),
    ],
)
def test_two_clients_or_two_addresses_are_shown_on_a_page(text: str, expected: str) -> None:
    result = parse(from_urlencoded(text))
    assert isinstance(result, PageError)
    assert result.code == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "fragment.jwt"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "drive mail"}, "invalid_scope"),
        ({"scope": 'openid "x"'}, "invalid_scope"),
        ({"scope": "openid ü"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "1" * 40}, "invalid_request"),
        ({"max_age": "\u0661"}, "invalid_request"),
        ({"nonce": "n" * 501}, "invalid_request"),
        ({"state": "s" * 2001}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://app.example/r"}, "request_uri_not_supported"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "=" * 43}, "invalid_request"),
        ({"code_challenge": "a" * 44}, "invalid_request"),
    ],
)
def test_other_faults_go_back_to_the_application(changes: dict[str, str | None], code: str) -> None:
    error = refused(**changes)
    assert error.code == code
    assert error.redirect_uri == CALLBACK
    assert error.response_mode == "query"
    assert set(error.description) <= set(map(chr, range(0x20, 0x7F))) - {'"', "\\"}


def test_a_machine_gets_no_code() -> None:
    machine = replace(WEB, type="other")
    assert refused(machine).code == "unauthorized_client"


@pytest.mark.parametrize(
    "name",
    ["response_type", "scope", "state", "nonce", "code_challenge", "prompt", "max_age"],
)
def test_a_known_parameter_that_comes_twice_goes_back_as_an_error(name: str) -> None:
    request = parse(from_urlencoded(f"{urlencode(BASIC)}&{name}=1&{name}=2"))
    assert isinstance(request, AuthorizeRequest)
    result = validate(request, WEB)
    assert isinstance(result, RedirectError)
    assert result.code == "invalid_request"
    assert name in result.description
    assert result.state == ("" if name == "state" else "s1")


def test_an_unknown_parameter_changes_nothing_even_twice() -> None:
    request = parse(from_urlencoded(f"{urlencode(BASIC)}&audience=a&audience=b&foo=%22"))
    assert isinstance(request, AuthorizeRequest)
    assert validate(request, WEB) == allowed()


def test_all_faults_of_the_same_kind_are_told_at_once() -> None:
    error = refused(response_type=None, max_age="x", nonce="n" * 501)
    assert error.code == "invalid_request"
    for word in ("response_type", "max_age", "nonce"):
        assert word in error.description


def test_unknown_scopes_are_left_out() -> None:
    assert allowed(scope="openid drive openid email").scope == ("openid", "email")


def test_plain_oauth_without_openid_is_allowed() -> None:
    assert allowed(scope="email").scope == ("email",)


def test_a_confidential_client_whose_plugin_knows_no_pkce_is_allowed_without() -> None:
    assert allowed(LENIENT, code_challenge=None, code_challenge_method=None).code_challenge == ""


def test_a_confidential_client_without_the_duty_is_still_held_to_what_it_sends() -> None:
    assert refused(LENIENT, code_challenge_method="plain").code == "invalid_request"


@pytest.mark.parametrize("required", [True, False])
def test_a_mobile_application_always_needs_pkce(*, required: bool) -> None:
    client = replace(MOBILE, pkce_required=required)
    changes = {"client_id": "app-1", "redirect_uri": "com.example.app:/cb"}
    assert refused(
        client, **changes, code_challenge=None, code_challenge_method=None
    ).description.startswith("code_challenge is required")
    assert allowed(client, **changes)


def test_a_native_application_gets_its_own_port_back() -> None:
    uri = "http://127.0.0.1:51004/cb"
    assert allowed(MOBILE, client_id="app-1", redirect_uri=uri).redirect_uri == uri


@pytest.mark.parametrize(
    ("changes", "offline"),
    [
        ({}, False),
        ({"access_type": "online"}, False),
        ({"access_type": "offline"}, True),
        ({"scope": "openid offline_access"}, True),
        ({"scope": "openid offline_access", "access_type": "offline"}, True),
    ],
)
def test_offline_access_may_be_asked_for_in_two_ways(
    changes: dict[str, str | None], *, offline: bool
) -> None:
    validated = allowed(**changes)
    assert ("offline_access" in validated.scope) is offline
    assert validated.scope.count("offline_access") == offline


def test_access_type_asks_nothing_of_who_has_no_refresh_tokens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(clients.GRANTS, "web", frozenset({"authorization_code"}))
    assert "offline_access" not in allowed(access_type="offline").scope


CLAIMS = '{"userinfo":{"email":null},"id_token":{"name":{"essential":true}}}'


def test_single_claims_are_disclosed_like_the_scopes_that_hold_them() -> None:
    validated = allowed(scope="openid phone", claims=CLAIMS)
    assert validated.scope == ("openid", "phone")
    assert validated.disclosed == ("openid", "profile", "email", "phone")
    assert validated.claims.text == (
        '{"id_token":{"name":{"essential":true}},"userinfo":{"email":null}}'
    )


def test_without_openid_there_are_no_claims() -> None:
    validated = allowed(scope="email", claims=CLAIMS)
    assert (validated.claims.text, validated.disclosed) == ("", ("email",))


def test_faults_of_the_claims_are_told_with_the_others() -> None:
    error = refused(
        claims='{"userinfo":[],"id_token":{"acr":{"essential":1}}}', max_age="x", scope="email"
    )
    assert error.code == "invalid_request"
    for words in ("claims.userinfo must", "claims.id_token.acr.essential must", "max_age"):
        assert words in error.description


def test_a_request_brings_no_registration_with_it() -> None:
    assert refused(registration="{}").code == "registration_not_supported"


def test_an_unknown_display_is_a_page() -> None:
    assert allowed(display="hologram").display == "page"


def test_success_carries_code_state_and_issuer() -> None:
    location = success_location(allowed(state="a&b=ü"), code="c1", issuer=ISSUER)
    assert location.startswith(f"{CALLBACK}?")
    assert parse_qsl(urlsplit(location).query) == [
        ("code", "c1"),
        ("state", "a&b=ü"),
        ("iss", ISSUER),
    ]


def test_success_keeps_the_query_of_the_address() -> None:
    validated = allowed(redirect_uri="https://app.example/cb?site=2", state=None)
    location = success_location(validated, code="c1", issuer=ISSUER)
    assert location.startswith("https://app.example/cb?site=2&code=c1&iss=")
    assert "state" not in location


def test_form_post_carries_fields_and_posts_to_the_bare_address() -> None:
    answer = success(allowed(response_mode="form_post"), code="c1", issuer=ISSUER)
    assert answer.location == CALLBACK
    assert answer.fields == (("code", "c1"), ("state", "s1"), ("iss", ISSUER))
    assert "c1" not in repr(answer)


def test_an_error_goes_back_in_the_mode_that_was_asked_for() -> None:
    answer = failure(refused(response_mode="form_post", max_age="x"), issuer=ISSUER)
    assert answer.response_mode == "form_post"
    assert answer.fields == (
        ("error", "invalid_request"),
        ("error_description", "max_age must be a number of seconds."),
        ("state", "s1"),
        ("iss", ISSUER),
    )


def test_an_error_in_query_mode_stands_in_the_address() -> None:
    location = failure(allowed().refuse("access_denied", "no."), issuer=ISSUER).location
    assert dict(parse_qsl(urlsplit(location).query)) == {
        "error": "access_denied",
        "error_description": "no.",
        "state": "s1",
        "iss": ISSUER,
    }


_NAMES = st.sampled_from([*BASIC, *authorize._TEXT_FIELDS, "foo"])


@given(st.lists(st.tuples(_NAMES, st.text())), st.sampled_from([WEB, LENIENT, MOBILE, None]))
def test_any_request_is_judged_and_never_sent_to_a_foreign_address(
    extra: list[tuple[str, str]], client: ClientView | None
) -> None:
    request = parse(from_pairs([*BASIC.items(), *extra]))
    result = request if isinstance(request, PageError) else validate(request, client)
    if not isinstance(result, PageError):
        assert result.redirect_uri == CALLBACK


@given(st.text())
def test_any_query_string_is_judged(text: str) -> None:
    try:
        params = from_urlencoded(text)
    except UnreadableError:
        return
    request = parse(params)
    assert isinstance(request, PageError) or validate(request, WEB)
