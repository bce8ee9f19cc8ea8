"""The parts as ``config/wsgi.py`` binds them, and as a real server runs them."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from edge.world import World
from joserfc import jwt
from joserfc.jwk import KeySet

from hospes.foundation import clock, metrics
from hospes.protocols.oauth.id_token import REGISTRY

if TYPE_CHECKING:
    from support.server import Server
    from support.site import Site


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return every field of what was logged."""
    return "\n".join(str(vars(record)) for record in caplog.records)


def test_the_whole_stack_redeems_a_code_with_its_own_keys_and_clock(
    site: Site, caplog: pytest.LogCaptureFixture, verifier: str
) -> None:
    rows = World("default")
    application = rows.app()
    grant = rows.grant(application)
    code = rows.code(grant, verifier=verifier, expires_at=clock.timestamp() + 60)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://app.example/cb",
        "client_id": application.client_id,
        "client_secret": rows.secret_of(application),
        "code_verifier": verifier,
    }
    with caplog.at_level(0):
        told = site.client.post("/token", data=form).json()
        keys = KeySet.import_key_set(site.get("/oauth2/jwks").json())
        token = jwt.decode(told["id_token"], keys, registry=REGISTRY)
        headers = {"Authorization": f"Bearer {told['access_token']}"}
        person = site.client.get("/oauth2/userinfo", headers=headers).json()
        # What succeeds is counted; what is refused is written down as well.
        assert "/token" not in logged(caplog)
        assert site.client.post("/token", data=form).status_code == 400

    assert abs(token.claims["iat"] - clock.timestamp()) < 5
    assert person["sub"] == token.claims["sub"] == grant.account.public_id
    assert "picture" not in person
    for secret in (code, verifier, form["client_secret"], told["access_token"], told["id_token"]):
        assert secret not in caplog.text + logged(caplog)
    assert "/token" in logged(caplog)
    assert b'plane="hot"' in metrics.render()
    rows.close()


def test_a_picture_is_told_by_its_address(site: Site) -> None:
    rows = World("default")
    account = rows.account(picture="a" * 64)
    grant = rows.grant(rows.app(), account=account)
    token = rows.access_token(grant, expires_at=clock.timestamp() + 60)
    headers = {"Authorization": f"Bearer {token}"}
    told = site.client.get("/oauth2/userinfo", headers=headers).json()
    assert told["picture"].startswith(f"https://hospes.test/pictures/{'a' * 64}")
    rows.close()


def test_pages_are_behind_the_guard(site: Site) -> None:
    assert site.client.get("/sign-in").status_code == 200
    assert site.client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 421
    assert site.client.get("/sign-in?x=%ff").status_code == 400


def speak(port: int, request: bytes) -> bytes:
    """Send bytes as they are and return the first line of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65536).split(b"\r\n")[0]


HOST = b"Host: 127.0.0.1:%d\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + HOST + b"\r\n",
        b"GET /%00 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /%ff HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /%0d%0aSet-Cookie:x HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /?a=%zz HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /a\rb HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\nX-A: a\rb\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\nX-A: a\0b\r\n" + HOST + b"\r\n",
        b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /?" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST /token HTTP/1.1\r\nContent-Length: 99999999\r\n" + HOST + b"\r\n",
        b"POST /token HTTP/1.1\r\nContent-Length: abc\r\n" + HOST + b"\r\n",
        b"POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
        + HOST
        + b"\r\n4\r\na=%z\r\n0\r\n\r\n",
        b"rubbish\r\n\r\n",
    ],
)
def test_a_real_server_answers_bad_bytes_with_a_clear_refusal(
    running_server: Server, request_: bytes
) -> None:
    line = speak(running_server.port, request_.replace(b"%d", str(running_server.port).encode()))
    assert line.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), line


def test_a_real_server_still_answers_afterwards(running_server: Server) -> None:
    port = running_server.port
    request = b"GET /oauth2/jwks HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port
    assert speak(port, request) == b"HTTP/1.1 200 OK"
