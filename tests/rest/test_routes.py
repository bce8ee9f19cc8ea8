"""Addresses: older ones of an endpoint beside its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hospes.rest.answers import DONE
from hospes.rest.routes import Route, Tree

SHOP = Route(
    "GET",
    "/shops/{shop}",
    version=1,
    handler=lambda _call, **_segments: DONE,
    summary="Show a shop",
    description="One of the shops.",
    tag="Shops",
    scope=None,
    answer=bool,
    parameters={"shop": "The shop's number."},
)


def test_an_older_address_leads_to_the_same_endpoint():
    tree, route = Tree(), replace(SHOP, older_paths=("/shop/{number}",))
    tree.add(route)

    for path in ("1/shops/7", "1/shop/7", "shop/7"):
        found = tree.find(path, "GET")
        assert (found.routes, found.segments) == ({"GET": route}, ("7",))
    assert tree.find("1/shop", "GET") is None
    assert tree.find("2/shop/7", "GET") is None


def test_an_older_address_is_nobody_elses():
    tree = Tree()
    tree.add(replace(SHOP, path="/shop/{shop}"))

    with pytest.raises(ValueError, match="two endpoints want GET /1/shop/"):
        tree.add(replace(SHOP, older_paths=("/shop/{shop}",)))


@pytest.mark.parametrize("path", ["/shop", "/shop/{shop:uuid}", "/shop/{shop}/{more}"])
def test_an_older_address_has_the_same_segments_in_braces(path):
    with pytest.raises(ValueError, match="other segments"):
        replace(SHOP, older_paths=(path,))
