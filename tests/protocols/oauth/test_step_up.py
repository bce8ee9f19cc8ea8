from __future__ import annotations

import json

import pytest

from hospes.protocols.oauth.step_up import (
    AcrClaim,
    Demand,
    SecondFactor,
    acr_claim,
    demand,
    is_fresh,
)

NOW = 1_000_000


@pytest.mark.parametrize(
    ("acr_values", "claim", "expected"),
    [
        ((), None, Demand.NONE),
        (("1",), None, Demand.NONE),
        (("2",), None, Demand.VOLUNTARY),
        (("2", "1"), None, Demand.VOLUNTARY),
        # In order of preference: one factor will do.
        (("1", "2"), None, Demand.NONE),
        (("urn:other", "2"), None, Demand.VOLUNTARY),
        (("urn:other",), None, Demand.NONE),
        ((), AcrClaim(("2",)), Demand.VOLUNTARY),
        ((), AcrClaim(("2",), essential=True), Demand.ESSENTIAL),
        ((), AcrClaim(("urn:other", "2"), essential=True), Demand.ESSENTIAL),
        ((), AcrClaim(("2", "1"), essential=True), Demand.VOLUNTARY),
        ((), AcrClaim(("1", "2"), essential=True), Demand.NONE),
        ((), AcrClaim(("urn:other",), essential=True), Demand.IMPOSSIBLE),
        ((), AcrClaim(("urn:other",)), Demand.NONE),
        # Essential says that it must be told; without values any level is.
        ((), AcrClaim((), essential=True), Demand.NONE),
        (("2",), AcrClaim((), essential=True), Demand.VOLUNTARY),
        (("2",), AcrClaim(("1",), essential=True), Demand.NONE),
    ],
)
def test_what_is_asked_for(acr_values, claim, expected):
    assert demand(acr_values, claim) is expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"id_token": {"acr": {"essential": True, "values": ["2"]}}}, AcrClaim(("2",), True)),
        ({"id_token": {"acr": {"value": "2"}}}, AcrClaim(("2",))),
        ({"id_token": {"acr": {"essential": True}}}, AcrClaim((), True)),
        ({"id_token": {"acr": {"essential": "yes", "values": ["2", 2]}}}, AcrClaim(("2",))),
        ({"id_token": {"acr": None}}, None),
        ({"id_token": {"acr": {"values": "2"}}}, None),
        ({"id_token": []}, None),
        ({"userinfo": {"acr": {"values": ["2"], "essential": True}}}, None),
        ([], None),
    ],
)
def test_the_claims_parameter(claims, expected):
    assert acr_claim(json.dumps(claims)) == expected


@pytest.mark.parametrize("text", ["", "{", "null", "[" * 100_000, '"2"', "\x00"])
def test_what_cannot_be_read_asks_for_nothing(text):
    assert acr_claim(text) is None


@pytest.mark.parametrize(
    ("second", "prompt", "max_age", "expected"),
    [
        (SecondFactor(), (), None, False),
        (SecondFactor(possible=True), (), None, False),
        (SecondFactor(NOW - 86_400), (), None, True),
        (SecondFactor(NOW - 600), (), 600, True),
        (SecondFactor(NOW - 601), (), 600, False),
        (SecondFactor(NOW - 1), (), 0, False),
        (SecondFactor(NOW - 1, since_asked=True), (), 0, True),
        (SecondFactor(NOW - 10), ("login",), None, False),
        (SecondFactor(NOW - 10, since_asked=True), ("login",), None, True),
        (SecondFactor(None, since_asked=True), (), None, False),
    ],
)
def test_whether_the_second_factor_counts(second, prompt, max_age, expected):
    assert is_fresh(second, prompt=prompt, max_age=max_age, now=NOW) is expected
