"""The programs that an application's page shows, run as they are pasted, over real HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hospes.connect.domain.snippets import python_client, python_machine, python_public
from support import run
from support.clients import EMAIL


def settings(visitor, client_id, **further):
    return {
        **os.environ,
        "OIDC_ISSUER": visitor.server.url,
        "OIDC_CLIENT_ID": client_id,
        "AUTHLIB_INSECURE_TRANSPORT": "1",
        **further,
    }


def output_up_to(process, end):
    found = b""
    while end not in found:
        piece = process.stdout.read(1)
        assert piece, found
        found += piece
    return found.decode()


@pytest.mark.parametrize("path", ["/callback", "/accounts/oidc/back/"])
def test_the_example_with_flask_signs_in_at_the_registered_address(visitor, tmp_path, path):
    port = run.free_port()
    redirect_uri = f"http://127.0.0.1:{port}{path}"
    client_id, secret = visitor.register(
        type="web", name=f"Flask {path}", redirect_uris=[redirect_uri]
    )
    (tmp_path / "example.py").write_text(python_client())
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "example", "run", "--port", str(port)],
        cwd=tmp_path,
        env=settings(visitor, client_id, OIDC_CLIENT_SECRET=secret, OIDC_REDIRECT_URI=redirect_uri),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        for line in process.stderr:
            if b"Running on" in line:
                break
        with httpx.Client() as shop:
            to = shop.get(f"http://127.0.0.1:{port}/sign-in").headers["location"]
            back = visitor.agree(to)
            assert back.startswith(f"{redirect_uri}?")
            signed_in = shop.get(back)
        assert signed_in.text == f"Signed in as Clara Berg, {EMAIL}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.parametrize("uri", ["com.example.app:/callback", "http://127.0.0.1:53682/callback"])
def test_the_example_of_an_app_signs_in_without_a_secret(visitor, uri):
    client_id, secret = visitor.register(type="mobile", name=f"App {uri}", redirect_uris=[uri])
    assert not secret
    process = subprocess.Popen(
        [sys.executable, "-c", python_public()],
        env=settings(visitor, client_id, OIDC_REDIRECT_URI=uri),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    asked = output_up_to(process, b"It led back to: ")
    url = re.search(r"http\S+", asked)[0]
    assert parse_qs(urlsplit(url).query)["code_challenge_method"] == ["S256"]
    rest, _ = process.communicate(f"{visitor.agree(url)}\n".encode(), timeout=20)
    assert rest.decode().strip() == "Signed in as Clara Berg"
    assert process.returncode == 0


def test_the_example_of_a_machine_gets_a_token(visitor, metadata):
    client_id, secret = visitor.register(type="other", name="Nightly job", redirect_uris=[])
    done = subprocess.run(
        [sys.executable, "-c", python_machine()],
        env=settings(
            visitor,
            client_id,
            OIDC_CLIENT_SECRET=secret,
            OIDC_TOKEN_ENDPOINT=metadata["token_endpoint"],
        ),
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "7200"), done.stderr


def test_a_site_in_the_browser_alone_may_ask_from_its_own_origin(visitor, metadata):
    """The type Mobile serves it: https, no secret, and any origin may read the answers."""
    uri = "https://spa.example/callback"
    client_id, _ = visitor.register(type="mobile", name="Page alone", redirect_uris=[uri])
    for endpoint in ("token_endpoint", "userinfo_endpoint", "jwks_uri"):
        answer = httpx.post(
            metadata[endpoint], data={"client_id": client_id}, headers={"Origin": uri[:19]}
        )
        assert answer.headers["access-control-allow-origin"] == "*", endpoint
