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


LINK = """
from hospes.identity.models import Account
from support.phones import give_phone
phone = give_phone(Account.objects.get(email={email!r}))
print(phone.token, phone.key.private_numbers().private_value)
"""
ANSWER = """
from cryptography.hazmat.primitives.asymmetric import ec
from hospes.identity.models import Challenge
from hospes.identity.services.two_step import challenges, phones
from hospes.kit.origin import SYSTEM
from support.phones import Phone
phone = Phone({url!r}, {token!r}, ec.derive_private_key({key}, ec.SECP256R1()))
# Other tests on this server may have left questions of their own people open.
asked = Challenge.objects.filter(state="open").latest("pk")
view = {{"uuid": asked.public_id, "nonce": asked.nonce}}
answer = challenges.Answer(asked.public_id, phone.signature(view, {word!r}))
say = challenges.approve if {word!r} == "approve" else challenges.refuse
say(phones.by_token(phone.token), answer, origin=SYSTEM)
print(asked.message)
"""
UNLINK = """
from hospes.identity.models import Account, Method
Method.objects.filter(account__email={email!r}).delete()
Account.objects.filter(email={email!r}).update(two_step_since=None)
"""


def test_a_person_is_asked_on_the_phone(script, visitor):
    server = visitor.server
    client_id, secret = visitor.register(type="web", name="Till", backchannel_mode="poll")
    begun = script.do("begin", server=server.url, id=client_id, secret=secret, callback=CALLBACK)
    sub = script.do("finish", url=visitor.agree(begun["url"]))["claims"]["sub"]
    assert script.ask("ask", hint=EMAIL, message="Till 7")["error"] == "unknown_user_id"
    token, key = server.python(LINK.format(email=EMAIL)).split()
    values = {"url": server.url, "token": token, "key": key}
    try:
        asked = script.do("ask", hint=EMAIL, message="Till 7")
        assert (asked["expires_in"], asked["interval"]) == (300, 5)
        assert server.python(ANSWER.format(word="approve", **values)) == "Till 7"
        claims = script.do("answer")["claims"]
        assert (claims["sub"], claims["amr"], claims["acr"]) == (sub, ["swk"], "1")

        script.do("ask", hint=sub, message="Till 8")
        assert server.python(ANSWER.format(word="refuse", **values)) == "Till 8"
        assert script.ask("answer")["error"] == "access_denied"
    finally:
        server.python(UNLINK.format(email=EMAIL))


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
