"""Documents that make several hosts one sector: fetched, and never from inside the house."""

from __future__ import annotations

import json

import pytest

from hospes.connect.gateways import key_sets
from hospes.connect.services import sectors
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.registration import Metadata
from support.documents import Documents

PATH = "/sector.json"
URIS = ("https://one.example/cb", "https://two.example/cb")


@pytest.fixture
def published(tmp_path, monkeypatch):
    with Documents(tmp_path) as documents:
        monkeypatch.setattr(key_sets, "CLIENT", documents.client(2.0))
        yield documents


def faults():
    named = ClientOptions(sector_identifier_uri="https://push.example" + PATH)
    return [fault.text for fault in sectors.faults_of(Metadata(redirect_uris=URIS, options=named))]


def test_every_address_has_to_be_listed(published):
    published.put(PATH, json.dumps(URIS).encode())
    assert faults() == []
    published.put(PATH, json.dumps(URIS[:1]).encode())
    assert len(faults()) == 1
    assert URIS[1] in faults()[0]
    assert sectors.faults_of(Metadata(redirect_uris=URIS)) == []


@pytest.mark.parametrize("content", [b"{}", b"no json", b"[" * 50_000, b"\xff", b"[1]" * 40_000])
def test_what_is_no_list_is_refused(published, content):
    published.put(PATH, content)
    assert faults()


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_an_address_inside_the_house_is_refused_and_nothing_is_told_of_it(
    published, monkeypatch, inside
):
    published.put(PATH, json.dumps(URIS).encode())
    monkeypatch.setattr(key_sets, "CLIENT", published.client(addresses=(inside,)))
    assert faults() == ["sector_identifier_uri: It cannot be accepted: it cannot be fetched."]
