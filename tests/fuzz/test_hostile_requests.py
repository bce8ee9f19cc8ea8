"""Hostile requests over the whole stack, of a person who is signed in: never a 500, no change."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, quote_from_bytes, quote_plus, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey

from support.authorizing import CALLBACK, CHALLENGE

AFTER = "https://shop.example/bye"
THOROUGHLY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STRANGER = RSAKey.generate_key(2048, {"kid": "stranger"})
# Written at each look: an owner's log tells who was sent away, a session when it was last seen.
NOTED = {"connect_application_event", "identity_session"}


def part(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, but for when and where somebody was seen."""
    from django.apps import apps

    from hospes.identity.models import Session

    found = {
        model._meta.db_table: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.db_table not in NOTED
    }
    found["living sessions"] = list(Session.objects.filter(ended_at=None).values("pk", "account"))
    return found


def assert_unchanged(before: dict[str, list[dict[str, Any]]]) -> None:
    after = rows()
    assert {name for name in before if before[name] != after[name]} == set()


NAMES = st.sampled_from(
    [
        *("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state"),
        *("nonce", "code_challenge", "code_challenge_method", "prompt", "max_age", "claims"),
        *("id_token_hint", "login_hint", "ui_locales", "claims_locales", "acr_values", "display"),
        *("request", "request_uri", "access_type", "post_logout_redirect_uri", "logout_hint", "é"),
    ]
)
NESTED = ("[" * 4000, '{"a":' * 1500, '{"userinfo":' + "[" * 1200)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("none", "login consent", "select_account", "form_post", "fragment", "-1", "9" * 400),
            *("javascript:alert(1)", "https://shop.example/callback#", "//evil.example", "\0"),
            *("x" * 3000, "a\r\nSet-Cookie: x=y", "fr-\udcff", "{{7*7}}", "' OR 1=1 --", *NESTED),
        ]
    ),
    st.text(st.characters(), max_size=40),
)


def encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, quote_via=quote_plus, errors="surrogatepass")


QUERIES = st.one_of(
    st.binary(max_size=200).map(lambda raw: quote_from_bytes(raw, safe="&=%+;?/")),
    st.lists(st.tuples(NAMES, VALUES), max_size=6).map(encoded),
)


@st.composite
def hints(draw: st.DrawFn, claims: dict[str, Any]) -> str:
    """Draw what poses as an ID token of ours with these claims."""
    header = draw(
        st.sampled_from(
            [
                {"alg": "none"},
                {"alg": "None", "kid": "../../dev/null"},
                {"alg": "RS256", "kid": "nobody's"},
                {"alg": "RS256", "jwk": STRANGER.as_dict(private=False)},
                {"alg": "RS256", "jku": "https://evil.example/jwks", "x5u": "http://127.0.0.1/"},
                {"alg": "RS256", "crit": ["b64"], "b64": False},
                {"alg": "HS256"},
                {"alg": ["RS256"], "kid": {"a": 1}},
                ["RS256"],
                None,
            ]
        )
    )
    payload = draw(
        st.one_of(
            st.just(part(claims)),
            st.sampled_from(NESTED).map(lambda text: part(text.encode())),
            st.just(part({**claims, "x": "x" * 9000})),
            st.binary(max_size=60).map(part),
            st.text(max_size=30),
        )
    )
    signature = draw(st.sampled_from(["", "AA", "=", "é", part(b"s" * 256), "a.b"]))
    head = draw(st.sampled_from([part(header), part(NESTED[1].encode()), "e30", "%", "ü"]))
    signed = jwt.encode({"alg": "RS256", "kid": "stranger"}, claims, STRANGER)
    return draw(
        st.one_of(
            st.just(f"{head}.{payload}.{signature}"),
            st.just(signed),
            st.just(f"{signed.partition('.')[0]}.{payload}.{signed.rpartition('.')[2]}"),
            st.text(max_size=40),
            st.just("." * 5000),
        )
    )


@pytest.fixture
def shop(register):
    from hospes.connect.services.signing_keys import key_source

    key_source.jwks()  # the first look makes the keys
    return register(logout_uris=(AFTER,))


def claims_of(account: Any, client_id: str) -> dict[str, Any]:
    return {"iss": "https://hospes.test", "sub": account.public_id, "aud": client_id, "exp": 9**9}


def right_request(client_id: str) -> dict[str, str]:
    return {
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }


@THOROUGHLY
@given(data=st.data())
def test_no_authorization_request_breaks_or_changes_anything(site, anna, shop, data) -> None:
    before = rows()
    client_id = shop.application.client_id
    right = right_request(client_id)
    for name in data.draw(st.sets(st.sampled_from(sorted(right)), max_size=2)):
        right[name] = data.draw(VALUES)
    if data.draw(st.booleans()):
        right["id_token_hint"] = data.draw(hints(claims_of(anna, client_id)))
    query = f"{encoded(list(right.items()))}&{data.draw(QUERIES)}"
    if data.draw(st.booleans()):
        response = site.get(f"/authorize?{query}")
    else:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        response = site.request("POST", "/authorize", content=query.encode(), headers=kind)
    assert response.status_code < 500
    # Nobody agreed to anything: the application gets an error at its own address, or nothing.
    target = urlsplit(response.headers.get("location", "/"))
    if target.netloc:
        assert f"{target.scheme}://{target.netloc}{target.path}" == CALLBACK
        told = parse_qs(target.query)
        assert told["error"]
        assert "code" not in told
    assert_unchanged(before)


@THOROUGHLY
@given(data=st.data())
def test_no_request_to_sign_out_breaks_or_signs_out(site, anna, shop, data) -> None:
    before = rows()
    client_id = shop.application.client_id
    values = {
        "id_token_hint": data.draw(hints(claims_of(anna, client_id))),
        "client_id": data.draw(st.one_of(st.just(client_id), VALUES)),
        "post_logout_redirect_uri": data.draw(st.one_of(st.just(AFTER), VALUES)),
        "state": data.draw(VALUES),
    }
    kept = data.draw(st.sets(st.sampled_from(sorted(values))))
    pairs = [(name, value) for name, value in values.items() if name in kept]
    query = f"{encoded(pairs)}&{data.draw(QUERIES)}"
    if data.draw(st.booleans()):
        response = site.get(f"/oauth2/end-session?{query}")
    else:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        response = site.request("POST", "/oauth2/end-session", content=query.encode(), headers=kind)
    assert response.status_code < 500
    # A post becomes a get of ours; a person who is signed in is asked before anything else.
    assert response.headers.get("location", "/oauth2/end-session?").startswith(
        "/oauth2/end-session?"
    )
    assert_unchanged(before)


@pytest.mark.parametrize("path", ["/oauth2/introspect", "/oauth2/revoke"])
@THOROUGHLY
@given(data=st.data())
def test_no_token_of_a_registered_application_breaks_anything(site, anna, shop, path, data) -> None:
    before = rows()
    names = st.sampled_from(["token", "token_type_hint", "client_id", "é"])
    tokens = st.one_of(VALUES, hints(claims_of(anna, shop.application.client_id)))
    pairs = data.draw(st.lists(st.tuples(names, tokens), max_size=4))
    form = data.draw(st.one_of(st.just(encoded(pairs)), QUERIES))
    response = site.request(
        "POST",
        path,
        content=form.encode("latin-1", "replace"),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        auth=(shop.application.client_id, shop.secret),
    )
    assert response.status_code in {200, 400, 401, 413}
    if response.status_code == 200 and path.endswith("introspect"):
        assert response.json() == {"active": False}
    if response.status_code in {400, 401}:
        assert response.json()["error"]
    assert_unchanged(before)
