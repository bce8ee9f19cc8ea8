"""Whatever bytes come: never an exception, never a 500, and nothing changes."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from edge.world import ISSUER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from edge.world import World

NAMES = (
    *("grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret"),
    *("auth_req_id", "login_hint", "binding_message", "requested_expiry", "id_token_hint"),
    *("scope", "refresh_token", "token", "token_type_hint", "access_token", "é"),
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("authorization_code", "refresh_token", "client_credentials"),
            *("urn:openid:params:grant-type:ciba", "openid", "hsp_at_x", "hsp_rt_x", ""),
        ]
    ),
    st.text(max_size=40),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)


def multipart(pairs: list[tuple[str, str]]) -> bytes:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    ]
    return ("".join(parts) + "--b--\r\n").encode("utf-8", "surrogatepass")


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs, quote_via=quote_plus).encode()


BODIES = st.one_of(st.binary(max_size=300), PAIRS.map(encoded), PAIRS.map(multipart))
TYPES = st.one_of(
    st.sampled_from(
        [
            *("application/x-www-form-urlencoded", "multipart/form-data; boundary=b"),
            *('multipart/form-data; boundary="', "multipart/form-data", "application/json", ""),
        ]
    ),
    st.text(st.characters(max_codepoint=255), max_size=40),
)
LATIN = st.text(st.characters(max_codepoint=255), max_size=40)
AUTHORIZATION = st.one_of(
    st.just(""),
    LATIN,
    LATIN.map("Bearer ".__add__),
    LATIN.map("Basic ".__add__),
    st.binary(max_size=40).map(lambda raw: "Basic " + base64.b64encode(raw).decode()),
)


def call(world: World, environ: dict[str, Any]) -> int:
    status: list[int] = []

    def start_response(line: str, _headers: object, _exc: object = None) -> object:
        status.append(int(line[:3]))
        return lambda _data: None

    body = world.application(environ, start_response)  # type: ignore[arg-type]
    try:
        b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close:
            close()
    return status[-1]


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    target=st.sampled_from(
        [
            *(("POST", "/token"), ("DELETE", "/token"), ("POST", "/oauth2/introspect")),
            *(("POST", "/oauth2/revoke"), ("GET", "/oauth2/userinfo")),
            *(("POST", "/oauth2/userinfo"), ("POST", "/oauth2/backchannel-authenticate")),
        ]
    ),
    body=BODIES,
    content_type=TYPES,
    authorization=AUTHORIZATION,
    query=st.one_of(st.just(""), LATIN, PAIRS.map(lambda pairs: encoded(pairs).decode())),
)
def test_no_bytes_break_the_hot_plane(  # noqa: PLR0917 - the parts of a request
    world: World,
    target: tuple[str, str],
    body: bytes,
    content_type: str,
    authorization: str,
    query: str,
) -> None:
    before = world.snapshot()
    if not before["Token"]:
        world.access_token(world.grant(world.app()))
        before = world.snapshot()
    method, path = target
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": ISSUER.removeprefix("https://"),
        "HTTP_AUTHORIZATION": authorization,
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
    }
    assert 400 <= call(world, environ) < 500
    assert not world.failures
    assert world.snapshot() == before
