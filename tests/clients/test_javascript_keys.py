"""openid-client, certified for FAPI 2, proves itself with a key and has its tokens bound to one."""

from __future__ import annotations

import json
import shutil

import httpx
import pytest
from clients.test_javascript import Script

from support.clients import CALLBACK, EMAIL
from tools import javascript

KEYED = """
import json
from hospes.connect.models import Application
from hospes.protocols.oauth import options
told = json.loads({told!r})
Application.objects.filter(client_id={client_id!r}).update(
    options=options.write(options.ClientOptions(**told)))
"""


@pytest.fixture
def script():
    node = shutil.which("node")
    assert node, javascript.ABSENT
    running = Script(node)
    yield running
    running.end()


def keyed(visitor, script, alg, client_id, **more):
    """Let the application take its key from now on."""
    key = script.do("keys", alg=alg)
    told = {
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": json.dumps({"keys": [key]}),
        **more,
    }
    visitor.server.python(KEYED.format(told=json.dumps(told), client_id=client_id))


@pytest.mark.standard("RFC 9449", "5")
@pytest.mark.parametrize("alg", ["ES256", "PS256", "Ed25519"])
def test_a_person_signs_in_and_the_tokens_are_bound(script, visitor, alg):
    client_id, secret = visitor.register(type="server", name=f"Keyed {alg}")
    keyed(visitor, script, alg, client_id, dpop_bound_access_tokens=True)
    server = visitor.server.url
    begun = script.do("begin", server=server, id=client_id, secret=secret, callback=CALLBACK)
    first = script.do("finish", url=visitor.agree(begun["url"]))
    token, sub = first["tokens"]["access_token"], first["claims"]["sub"]
    assert first["tokens"]["token_type"] == "dpop"
    assert script.do("userinfo", token=token, sub=sub)["email"] == EMAIL
    bare = httpx.get(server + "/oauth2/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert bare.status_code == 401
    told = script.do("introspect", token=token)
    assert (told["active"], told["token_type"], list(told["cnf"])) == (True, "DPoP", ["jkt"])
    second = script.do("refresh", token=first["tokens"]["refresh_token"])["tokens"]
    assert second["token_type"] == "dpop"
    assert script.do("userinfo", token=second["access_token"], sub=sub)["sub"] == sub
    assert script.do("revoke", token=second["refresh_token"]) == {}


@pytest.mark.standard("FAPI 2.0 Security Profile", "5.3.2.1")
def test_a_machine_is_held_to_the_strict_profile(script, visitor):
    client_id, secret = visitor.register(type="other", name="Strict machine")
    keyed(visitor, script, "PS256", client_id, profile="fapi2")
    told = script.do("machine", server=visitor.server.url, id=client_id, secret=secret)
    assert told["token_type"] == "dpop"
    form = {"grant_type": "client_credentials"}
    answer = httpx.post(visitor.server.url + "/token", data=form, auth=(client_id, secret))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
