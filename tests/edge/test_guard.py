from __future__ import annotations

import pytest
from edge.stage import LIMIT, Stage, call
from hypothesis import given
from hypothesis import strategies as st

from hospes.edge.guard import loggable


def test_a_plain_request_passes_and_is_observed() -> None:
    stage = Stage()
    assert stage.client.get("/page?secret=hush").text == "behind"
    assert stage.closed == 1
    [seen] = stage.exchanges
    assert (seen.plane, seen.method, seen.path, seen.status) == ("page", "GET", "/page", 200)
    assert seen.client == "192.0.2.1"
    assert 0 <= seen.seconds < 5
    assert "hush" not in repr(seen)


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
