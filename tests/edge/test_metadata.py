from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hospes.edge.app import DISCOVERY, DISCOVERY_OAUTH, ENDPOINTS

if TYPE_CHECKING:
    from edge.world import World

    from support.site import Site

JWKS = "/oauth2/jwks"


def test_discovery_names_this_installation_and_its_own_addresses(site: Site) -> None:
    told = site.get(DISCOVERY).json()
    assert told["issuer"] == "https://hospes.test"
    assert told["token_endpoint"] == "https://hospes.test/token"
    assert told["jwks_uri"] == "https://hospes.test/oauth2/jwks"
    assert "fr" in told["ui_locales_supported"]
    assert site.get(DISCOVERY_OAUTH).json() == told


def test_a_poisoned_host_changes_no_address_in_discovery(site: Site) -> None:
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded"):
        told = site.get(DISCOVERY, headers={name: "host=evil.example"}).text
        assert "evil" not in told
    assert site.get(DISCOVERY, headers={"Host": "evil.example"}).status_code == 421


def test_three_public_keys_are_published_and_nothing_private(site: Site) -> None:
    keys = site.get(JWKS).json()["keys"]
    assert {key["alg"] for key in keys} == {"RS256", "ES256", "EdDSA"}
    assert all(key["kid"] and key["use"] == "sig" for key in keys)
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & {name for key in keys for name in key}


@pytest.mark.parametrize("address", [DISCOVERY, DISCOVERY_OAUTH, JWKS])
def test_the_public_face_may_be_cached_and_read_from_anywhere(world: World, address: str) -> None:
    answer = world.client.get(address, headers={"Origin": "https://app.example"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=900"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    head = world.client.head(address)
    assert head.content == b""
    assert head.headers["content-length"] == answer.headers["content-length"]
    assert world.client.post(address).status_code == 405


def test_every_address_answers_options(world: World) -> None:
    for address in ENDPOINTS:
        answer = world.client.options(address)
        assert answer.status_code == 204
        assert "OPTIONS" in answer.headers["allow"]
        assert "content-length" not in answer.headers


@pytest.mark.parametrize("address", ["/", "/tokens", "/token/", "/Token", "/oauth2", "/authorize"])
def test_every_other_address_is_handed_on(world: World, address: str) -> None:
    assert world.client.get(address).text == f"page {address}"
    assert world.exchanges[-1].plane == "page"
