from __future__ import annotations

import pytest

from hospes.kit.faults import Fault, Refused


def test_a_refusal_carries_every_fault_at_once():
    refused = Refused(Fault("name", "missing"), Fault("email", "taken", {"by": 1}))
    assert refused.faults == (Fault("name", "missing"), Fault("email", "taken", {"by": 1}))
    assert refused.has("email", "taken")
    assert not refused.has("email", "missing")
    assert str(refused) == "name: missing, email: taken"


def test_faults_may_come_as_a_sequence():
    found = [Fault("", "too_many")]
    assert Refused(found).faults == (Fault("", "too_many"),)
    assert Refused(tuple(found), Fault("a", "b")).faults == (Fault("", "too_many"), Fault("a", "b"))


def test_a_refusal_without_a_fault_is_a_mistake():
    with pytest.raises(ValueError, match="at least one fault"):
        Refused([])
