from __future__ import annotations

import io
import ipaddress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.edge.guard import Exchange, Guard, Rules, loggable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hospes.edge.http import Environ, StartResponse

BASE = "https://my.provider.example"
LIMIT = 1000
PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)
FORWARDING = [
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "Forwarded",
    "X-Real-IP",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Host",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Proxy",
]


class Stage:
    """A guard with an application behind it that remembers what reached it."""

    def __init__(self, base: str = BASE, *, remote: str = "192.0.2.1", **rules: Any) -> None:
        self.seen: list[Environ] = []
        self.bodies: list[bytes] = []
        self.exchanges: list[Exchange] = []
        self.failures: list[tuple[str, str]] = []
        self.closed = 0
        values = {"trusted_proxies": PROXIES, "body_limit": LIMIT, **rules}
        self.guard = Guard(
            self.application,
            Rules(base, **values),
            observe=self.exchanges.append,
            failed=lambda error, path: self.failures.append((repr(error), path)),
        )
        self.client = httpx.Client(
            transport=httpx.WSGITransport(app=self.guard, remote_addr=remote), base_url=base
        )

    def application(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.seen.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("the secret is hush")
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/half":
            raise ValueError("too late")
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield b"behind"

    def close(self) -> None:
        self.closed += 1


def call(stage: Stage, **environ: Any) -> tuple[int, dict[str, str], str]:
    """Call the guard without a client that would tidy the request up first."""
    answer: dict[str, Any] = {}

    def start_response(line: str, headers: list[tuple[str, str]], _exc: object = None) -> object:
        answer.update(status=int(line[:3]), headers={k.lower(): v for k, v in headers})
        return lambda _data: None

    values = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "HTTP_HOST": "my.provider.example",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b""),
        **environ,
    }
    body = stage.guard(values, start_response)
    text = b"".join(body).decode()
    body.close()  # type: ignore[attr-defined]
    return answer["status"], answer["headers"], text


def test_a_plain_request_passes_and_is_observed() -> None:
    stage = Stage()
    assert stage.client.get("/page?secret=hush").text == "behind"
    assert stage.closed == 1
    [seen] = stage.exchanges
    assert (seen.plane, seen.method, seen.path, seen.status) == ("page", "GET", "/page", 200)
    assert seen.client == "192.0.2.1"
    assert 0 <= seen.seconds < 5
    assert "hush" not in repr(seen)


# ---- who is it -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORWARDING)
@pytest.mark.parametrize("remote", ["192.0.2.1", "10.0.0.1"])
def test_no_forwarding_header_reaches_the_application(name: str, remote: str) -> None:
    stage = Stage(remote=remote)
    assert stage.client.get("/", headers={name: "198.51.100.7"}).status_code == 200
    key = "HTTP_" + name.upper().replace("-", "_")
    assert key not in stage.seen[0]
    assert stage.seen[0]["hospes.forwarded"] is True
    assert stage.seen[0]["HTTP_HOST"] == "my.provider.example"


def test_a_direct_request_is_not_marked_as_forwarded() -> None:
    stage = Stage()
    stage.client.get("/")
    assert stage.seen[0]["hospes.forwarded"] is False


def test_allauth_65_14_2_a_spoofed_x_forwarded_for_does_not_change_who_is_counted() -> None:
    stage = Stage()
    for number in range(20):
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        stage.client.get("/", headers=headers)
    assert {environ["REMOTE_ADDR"] for environ in stage.seen} == {"192.0.2.1"}


def test_a_trusted_proxy_tells_who_it_is() -> None:
    stage = Stage(remote="10.0.0.1")
    stage.client.get("/", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9, 10.0.0.2"})
    assert stage.seen[0]["REMOTE_ADDR"] == "203.0.113.9"


@pytest.mark.parametrize("told", ["http", "https", "gopher", ""])
def test_a_stranger_does_not_decide_the_scheme(told: str) -> None:
    stage = Stage()
    assert stage.client.get("/", headers={"X-Forwarded-Proto": told}).status_code == 200
    assert stage.seen[0]["wsgi.url_scheme"] == "https"
    assert (stage.seen[0]["SERVER_NAME"], stage.seen[0]["SERVER_PORT"]) == (
        "my.provider.example",
        "443",
    )


def test_a_reader_who_came_by_http_is_sent_to_https() -> None:
    stage = Stage(remote="10.0.0.1")
    answer = stage.client.get("/a b?c=%20d", headers={"X-Forwarded-Proto": "http"})
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{BASE}/a%20b?c=%20d"
    assert stage.client.post("/", headers={"X-Forwarded-Proto": "http"}).status_code == 421
    assert stage.client.get("/", headers={"X-Forwarded-Proto": "http, https"}).text == "behind"
    assert len(stage.seen) == 1


# ---- which host ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["my.provider.example", "MY.provider.example", "my.provider.example:443"]
)
def test_this_host_is_served_in_one_spelling(host: str) -> None:
    stage = Stage()
    assert call(stage, HTTP_HOST=host)[0] == 200
    assert stage.seen[0]["HTTP_HOST"] == "my.provider.example"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "my.provider.example.evil.example",
        "my.provider.example:8443",
        "my.provider.example@evil.example",
        "my.provider.example,evil.example",
        "my.provider.example evil.example",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "é",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_cve_2023_49097_and_cve_2025_64101_another_host_is_told_the_right_one(
    host: str, method: str
) -> None:
    stage = Stage()
    status, headers, text = call(stage, HTTP_HOST=host, REQUEST_METHOD=method)
    assert status == 421
    assert "location" not in headers
    assert BASE in text
    assert host not in text
    assert not stage.seen


def test_ghsa_93m4_mfpg_c3xf_and_ghsa_pfrf_9r5f_73f5_a_proxys_host_header_is_not_believed() -> None:
    stage = Stage(remote="10.0.0.1")
    headers = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example;proto=http",
        "X-Forwarded-Prefix": "/evil",
    }
    assert stage.client.get("/", headers=headers).status_code == 200
    assert "evil" not in repr(stage.seen[0])


def test_a_request_without_a_host_is_refused() -> None:
    assert call(Stage(), HTTP_HOST="")[0] == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_probe_may_know_the_address_only(path: str) -> None:
    stage = Stage()
    assert call(stage, HTTP_HOST="10.1.2.3:8000", PATH_INFO=path)[0] == 200
    assert stage.seen[0]["HTTP_HOST"] == "my.provider.example"


@pytest.mark.parametrize("alias", ["localhost:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_at_home_another_name_of_this_machine_redirects_readers(alias: str) -> None:
    stage = Stage("http://127.0.0.1:8000")
    status, headers, _ = call(stage, HTTP_HOST=alias, PATH_INFO="/x", QUERY_STRING="y=1")
    assert (status, headers["location"]) == (307, "http://127.0.0.1:8000/x?y=1")
    assert "strict-transport-security" not in headers
    assert call(stage, HTTP_HOST=alias, REQUEST_METHOD="POST")[0] == 421
    assert call(stage, HTTP_HOST="localhost:9000")[0] == 421
    assert not stage.seen


def test_a_redirect_never_leaves_for_another_host() -> None:
    stage = Stage("http://127.0.0.1:8000")
    _, headers, _ = call(stage, HTTP_HOST="localhost:8000", PATH_INFO="//evil.example/x")
    assert headers["location"] == "http://127.0.0.1:8000/evil.example/x"


# ---- how much --------------------------------------------------------------------------------


def test_a_body_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    stage = Stage()
    assert stage.client.post("/", content=b"x" * LIMIT).status_code == 200
    assert stage.client.post("/", content=b"x" * (LIMIT + 1)).status_code == 413
    assert stage.bodies == [b"x" * LIMIT]


def test_a_streamed_body_is_measured_too() -> None:
    stage = Stage()
    good = stage.client.post("/", content=iter([b"x" * 400, b"y" * 600]))
    bad = stage.client.post("/", content=iter([b"x" * 400, b"y" * 601]))
    assert (good.status_code, bad.status_code) == (200, 413)
    assert stage.bodies == [b"x" * 400 + b"y" * 600]
    assert stage.seen[0]["CONTENT_LENGTH"] == "1000"
    assert "HTTP_TRANSFER_ENCODING" not in stage.seen[0]


@pytest.mark.parametrize("length", ["-1", "+1", "1.5", "abc", "1e3", "1" * 13, "\u0661", " 1"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    stage = Stage()
    assert call(stage, REQUEST_METHOD="POST", CONTENT_LENGTH=length)[0] == 400
    assert not stage.seen


def test_two_ways_of_telling_the_length_are_refused() -> None:
    stage = Stage()
    environ = {"CONTENT_LENGTH": "3", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert call(stage, REQUEST_METHOD="POST", **environ)[0] == 400
    assert not stage.seen


def test_programs_are_held_to_small_bodies_and_refused_in_json() -> None:
    stage = Stage(protocol_paths=frozenset({"/token"}), body_limit=1_000_000)
    assert stage.client.post("/page", content=b"x" * 70_000).status_code == 200
    answer = stage.client.post("/token", content=b"x" * 70_000)
    assert answer.status_code == 413
    assert answer.json()["error"] == "invalid_request"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


# ---- well formed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"PATH_INFO": "/\0"}, 400),
        ({"PATH_INFO": "/a\rb"}, 400),
        ({"PATH_INFO": "/a\nb"}, 400),
        ({"PATH_INFO": "/a\x7f"}, 400),
        ({"PATH_INFO": "/\xff"}, 400),
        ({"PATH_INFO": "/\xed\xa0\x80"}, 400),
        ({"PATH_INFO": "/\u20ac"}, 400),
        ({"PATH_INFO": "*", "REQUEST_METHOD": "OPTIONS"}, 400),
        ({"PATH_INFO": "http://evil.example/"}, 400),
        ({"QUERY_STRING": "a=%00"}, 400),
        ({"QUERY_STRING": "a=\0"}, 400),
        ({"QUERY_STRING": "a=\r\nb"}, 400),
        ({"QUERY_STRING": "a=%zz"}, 400),
        ({"QUERY_STRING": "a=%"}, 400),
        ({"QUERY_STRING": "a=%ff"}, 400),
        ({"QUERY_STRING": "a=\xff"}, 400),
        ({"QUERY_STRING": "a=" + "x" * 9000}, 414),
        ({"PATH_INFO": "/" + "x" * 9000}, 414),
        ({"HTTP_X_THING": "a\rb"}, 400),
        ({"HTTP_X_THING": "a\nb"}, 400),
        ({"HTTP_COOKIE": "a=\0"}, 400),
        ({"REQUEST_METHOD": "TRACE"}, 405),
        ({"REQUEST_METHOD": "CONNECT"}, 405),
        ({"REQUEST_METHOD": "BREW"}, 405),
        ({"REQUEST_METHOD": ""}, 405),
    ],
)
def test_a_malformed_request_is_refused(environ: dict[str, str], status: int) -> None:
    stage = Stage()
    found, headers, text = call(stage, **environ)
    assert found == status
    assert not stage.seen
    assert text
    assert [exchange.plane for exchange in stage.exchanges] == ["guard"]
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert ("allow" in headers) is (status == 405)


@pytest.mark.parametrize(
    "environ",
    [
        {"PATH_INFO": ""},
        {"PATH_INFO": "/caf\xc3\xa9"},
        {"PATH_INFO": "/100%"},
        {"QUERY_STRING": "q=caf%C3%A9+%26&x=%0D%0A"},
        {"QUERY_STRING": "q=caf\xc3\xa9"},
        {"HTTP_X_THING": "a\tb"},
        {"HTTP_USER_AGENT": "caf\xe9"},
        {"REQUEST_METHOD": "DELETE"},
    ],
)
def test_an_unusual_request_passes(environ: dict[str, str]) -> None:
    assert call(Stage(), **environ)[0] == 200


def test_a_refused_head_request_gets_no_body() -> None:
    status, headers, text = call(Stage(), REQUEST_METHOD="HEAD", HTTP_HOST="evil.example")
    assert (status, text) == (421, "")
    assert int(headers["content-length"]) > 0


# ---- never a trace ---------------------------------------------------------------------------


def test_an_exception_becomes_a_plain_500_and_is_reported() -> None:
    stage = Stage()
    answer = stage.client.get("/broken")
    assert answer.status_code == 500
    assert "hush" not in answer.text
    assert "Traceback" not in answer.text
    assert stage.failures == [("ValueError('the secret is hush')", "/broken")]
    assert stage.exchanges[0].status == 500


def test_an_exception_at_a_protocol_path_becomes_a_server_error() -> None:
    stage = Stage(protocol_paths=frozenset({"/broken"}))
    answer = stage.client.post("/broken")
    assert answer.status_code == 500
    assert answer.json()["error"] == "server_error"


def test_an_exception_after_the_headers_ends_the_connection_and_is_reported() -> None:
    stage = Stage()
    with pytest.raises(ValueError, match="too late"):
        stage.client.get("/half")
    assert [path for _, path in stage.failures] == ["/half"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/settings/profile", "/settings/profile"),
        ("/confirm/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5", "/confirm/..."),
        ("/confirm/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5/", "/confirm/.../"),
        ("/applications/0f8fad5b-d9cb-469f-a165-70867728950e", None),
        ("/static/site.0123456789ab.css", None),
    ],
)
def test_a_secret_in_the_path_is_blotted_out_of_the_log(path: str, expected: str | None) -> None:
    assert loggable(path) == (expected or path)


_LATIN = st.text(st.characters(max_codepoint=255))


@given(
    path=_LATIN | st.text(),
    query=_LATIN | st.text(),
    host=_LATIN,
    method=st.sampled_from(["GET", "POST", "HEAD", "TRACE", "x"]),
    length=st.none() | st.text(max_size=5),
    forwarded=st.text(),
)
def test_any_request_is_answered(  # noqa: PLR0917 - one argument for each part of a request
    path: str, query: str, host: str, method: str, length: str | None, forwarded: str
) -> None:
    stage = Stage()
    for each in (host, "my.provider.example"):
        status, _, _ = call(
            stage,
            PATH_INFO=path,
            QUERY_STRING=query,
            HTTP_HOST=each,
            REQUEST_METHOD=method,
            HTTP_X_FORWARDED_FOR=forwarded,
            **({} if length is None else {"CONTENT_LENGTH": length}),
        )
        assert status in {200, 307, 400, 405, 413, 414, 421} or path in {"/broken", "/half"}
    assert not stage.failures
