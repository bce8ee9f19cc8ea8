"""What the bench signs is what a provider has to judge: each is right, and none comes twice."""

from __future__ import annotations

import json
import time

import pytest

from bench import measuring, probe, proofs
from bench.scenarios import SCENARIOS, request_for
from hospes.protocols.oauth import assertions, client_keys, dpop
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.options import ClientOptions

URL = "http://ours.example"


class Target:
    """A provider that is only asked for names."""

    name, url, storage = "ours", URL, "memory"
    paths = {"token": "/token"}
    lacking: dict[str, str] = {}
    instead: dict[str, tuple[str, str]] = {}

    def client(self, name):
        return name, "secret"


def values(tmp_path, name, count):
    turns = measuring._Turns(name, Target(), tmp_path / "values")
    turns._prepare(count)
    return turns.file.read_text().split()


def test_each_proof_is_right_and_new(tmp_path):
    found = values(tmp_path, "dpop", 20)
    rules = dpop.Rules(seconds=60, skew=30)
    read = [
        dpop.check(each, method="POST", urls=(URL + "/token",), rules=rules, now=int(time.time()))
        for each in found
    ]
    assert len({each.jti for each in read}) == 20
    assert len({each.thumbprint for each in read}) == 1


def test_each_assertion_is_right_and_new(tmp_path):
    options = ClientOptions(token_endpoint_auth_method="private_key_jwt")
    client = ClientView("keyed", "other", options=options)
    keys = client_keys.read_set(proofs.KEY_SET)
    rules = assertions.Rules((URL,), skew=30, longest=3600)
    read = {
        assertions.check(each, client, lambda _kid: keys, rules=rules, now=int(time.time()))
        for each in values(tmp_path, "private_key_jwt", 20)
    }
    assert len(read) == 20


def test_a_proof_is_sent_in_its_header_and_an_assertion_without_a_secret():
    sent = request_for(SCENARIOS["dpop"], Target())
    assert (sent.proof, sent.authorization[:6], sent.once) == ("{}", "Basic ", True)
    sent = request_for(SCENARIOS["private_key_jwt"], Target())
    assert (sent.proof, sent.authorization, sent.once) == ("", "", True)
    assert "client_assertion={}" in sent.body


@pytest.mark.parametrize(("kind", "told"), [("DPoP", ""), ("Bearer", "not bound")])
def test_a_token_that_is_not_bound_is_found_out(kind, told):
    fault = probe.fault(SCENARIOS["dpop"], "p", json.loads(f'{{"token_type":"{kind}"}}'))
    assert told in fault
    assert bool(told) is bool(fault)
