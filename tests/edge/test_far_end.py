"""Who asks, and for which host: nothing that a stranger writes is believed."""

from __future__ import annotations

import pytest
from edge.stage import BASE, Stage, call

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


@pytest.mark.parametrize("spoofed", ["X-Forwarded-For", "X_Forwarded_For", "X-Forwarded_For"])
def test_a_name_of_one_word_has_one_spelling_only(spoofed: str) -> None:
    """A server maps hyphens and underscores to one variable, so only such a name is safe alone."""
    stage = Stage(remote="10.0.0.1", client_header="ClientAddress")
    headers = {"ClientAddress": "203.0.113.9", spoofed: "198.51.100.7"}
    assert stage.client.get("/", headers=headers).status_code == 200
    assert stage.seen[0]["REMOTE_ADDR"] == "203.0.113.9"
    assert stage.seen[0]["hospes.forwarded"] is True
    assert "HTTP_CLIENTADDRESS" not in stage.seen[0]
    stage.client.get("/", headers={spoofed: "198.51.100.7"})
    assert stage.seen[1]["REMOTE_ADDR"] == "10.0.0.1"


def test_a_stranger_cannot_use_that_name() -> None:
    stage = Stage(client_header="ClientAddress")
    stage.client.get("/", headers={"ClientAddress": "203.0.113.9"})
    assert stage.seen[0]["REMOTE_ADDR"] == "192.0.2.1"
    assert "HTTP_CLIENTADDRESS" not in stage.seen[0]


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
