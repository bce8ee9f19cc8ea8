"""The parsers by themselves: they read, or refuse in their own words, and raise nothing else."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from hospes.protocols.oauth import authorize, bearer, clients, logout, redirects
from hospes.protocols.oauth.errors import BearerRefusal, OAuthError
from hospes.protocols.oauth.parameters import (
    Parameters,
    UnreadableError,
    from_body,
    from_pairs,
    from_urlencoded,
)

NAMES = st.sampled_from(
    [
        *("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state"),
        *("nonce", "code_challenge", "code_challenge_method", "prompt", "max_age", "claims"),
        *("id_token_hint", "post_logout_redirect_uri", "access_token", "request", "client_secret"),
    ]
)
PARAMETERS = st.lists(st.tuples(NAMES, st.text(max_size=60)), max_size=12).map(from_pairs)
URIS = st.one_of(st.text(max_size=80), st.from_regex(r"[a-zA-Z]+:/{0,3}[ -~]{0,40}"))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.binary(max_size=300), st.text(max_size=200))
def test_bodies(content_type: str, body: bytes, text: str) -> None:
    with contextlib.suppress(UnreadableError):
        from_body(content_type, body)
    with contextlib.suppress(UnreadableError):
        from_body(f'multipart/form-data; boundary="{content_type}"', body)
    with contextlib.suppress(UnreadableError):
        from_urlencoded(text)


@settings(max_examples=300, deadline=None)
@given(PARAMETERS, st.one_of(st.text(max_size=60), st.text(max_size=60).map("Basic ".__add__)))
def test_requests(parameters: Parameters, authorization: str) -> None:
    authorize.parse(parameters)
    logout.parse(parameters)
    with contextlib.suppress(OAuthError):
        clients.read_credentials(authorization, parameters)
    with contextlib.suppress(OAuthError, BearerRefusal):
        bearer.read(authorization, query=parameters, form=parameters)


@settings(max_examples=300, deadline=None)
@given(URIS, URIS)
def test_redirect_urls(one: str, other: str) -> None:
    redirects.faults(one, "mobile")
    redirects.faults(one, "web")
    loopback = one.startswith(("http://127.0.0.1", "http://[::1]", "http://localhost"))
    assert redirects.matches((one,), other) == (one == other) or loopback
