from __future__ import annotations

import pytest

from hospes.protocols.oauth.claims_request import Asked
from hospes.protocols.oauth.step_up import Demand, SecondFactor, demand, is_fresh

NOW = 1_000_000


def asked(*values, essential=False):
    return Asked("acr", essential, values)


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
        ((), asked("2"), Demand.VOLUNTARY),
        ((), asked("2", essential=True), Demand.ESSENTIAL),
        ((), asked("urn:other", "2", essential=True), Demand.ESSENTIAL),
        ((), asked("2", "1", essential=True), Demand.VOLUNTARY),
        ((), asked("1", "2", essential=True), Demand.NONE),
        ((), asked("urn:other", essential=True), Demand.IMPOSSIBLE),
        ((), asked("urn:other"), Demand.NONE),
        # Essential says that it must be told; without values any level is.
        ((), asked(essential=True), Demand.NONE),
        (("2",), asked(essential=True), Demand.VOLUNTARY),
        (("2",), asked("1", essential=True), Demand.NONE),
    ],
)
def test_what_is_asked_for(acr_values, claim, expected):
    assert demand(acr_values, claim) is expected


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
