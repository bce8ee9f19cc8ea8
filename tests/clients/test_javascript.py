"""openid-client, a JavaScript library, signs in, refreshes, asks and revokes over real HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from support.clients import CALLBACK, EMAIL
from tools import javascript


class Script:
    """The JavaScript application, step by step."""

    def __init__(self, node):
        self.process = subprocess.Popen(
            [node, "client.js"],
            cwd=javascript.FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, step, **values):
        self.process.stdin.write(json.dumps({"step": step, **values}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def do(self, step, **values):
        answer = self.ask(step, **values)
        assert "error" not in answer, answer
        return answer["value"]

    def end(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def script():
    node = shutil.which("node")
    assert node, javascript.ABSENT
    assert (javascript.FOLDER / "node_modules" / "openid-client").is_dir(), javascript.FAILED
    running = Script(node)
    yield running
    running.end()


def sign_in(script, visitor, kind):
    client_id, secret = visitor.register(type=kind, name=f"JavaScript {kind}")
    begun = script.do(
        "begin", server=visitor.server.url, id=client_id, secret=secret, callback=CALLBACK
    )
    assert begun["metadata"]["issuer"] == visitor.server.url
    return client_id, script.do("finish", url=visitor.agree(begun["url"]))


@pytest.mark.parametrize("kind", ["web", "server", "mobile"])
def test_a_person_signs_in_and_the_tokens_are_renewed(script, visitor, kind):
    client_id, first = sign_in(script, visitor, kind)
    assert first["claims"]["aud"] == client_id
    sub = first["claims"]["sub"]
    told = script.do("userinfo", token=first["tokens"]["access_token"], sub=sub)
    assert told["email"] == EMAIL
    second = script.do("refresh", token=first["tokens"]["refresh_token"])["tokens"]
    assert second["access_token"] != first["tokens"]["access_token"]
    assert second["refresh_token"] != first["tokens"]["refresh_token"]
    assert script.do("userinfo", token=second["access_token"], sub=sub)["sub"] == sub


def test_tokens_are_asked_about_and_revoked(script, visitor):
    client_id, first = sign_in(script, visitor, "server")
    tokens = first["tokens"]
    about = script.do("introspect", token=tokens["access_token"])
    assert about["active"] is True
    assert about["client_id"] == client_id
    assert script.do("revoke", token=tokens["refresh_token"]) == {}
    assert script.do("introspect", token=tokens["refresh_token"]) == {"active": False}
    assert script.ask("refresh", token=tokens["refresh_token"])["error"] == "invalid_grant"


def test_an_answer_meant_for_another_request_is_refused(script, visitor, rows):
    client_id, secret = visitor.register(name="JavaScript state")
    begun = script.do(
        "begin", server=visitor.server.url, id=client_id, secret=secret, callback=CALLBACK
    )
    answer = visitor.agree(begun["url"])
    before = rows()
    assert "error" in script.ask("finish", url=answer.replace("state=", "state=x"))
    assert rows() == before


def test_a_machine_gets_a_token_and_gives_it_back(script, visitor):
    client_id, secret = visitor.register(type="other", name="JavaScript machine")
    token = script.do("machine", server=visitor.server.url, id=client_id, secret=secret)
    assert token["access_token"].startswith("hsp_at_")
    assert "refresh_token" not in token
    assert script.do("introspect", token=token["access_token"])["client_id"] == client_id
    script.do("revoke", token=token["access_token"])
    assert script.do("introspect", token=token["access_token"]) == {"active": False}
