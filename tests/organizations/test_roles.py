"""What holds whenever a role changes hands: pure."""

from __future__ import annotations

import itertools

import pytest

from hospes.organizations.domain import roles
from hospes.organizations.domain.roles import ADMIN, CLIENT, NORMAL, OWNER, ROLES


@pytest.mark.parametrize(("present", "wanted"), list(itertools.product(ROLES, ROLES)))
def test_an_organization_keeps_a_legal_representative(present, wanted):
    fault = roles.fault_of_change(present, wanted, own=False, other_owners=0)

    if present == wanted:
        assert fault == "unchanged"
    elif present == OWNER:
        assert fault == "last_owner"
    else:
        assert fault is None
    assert present == wanted or not roles.fault_of_change(
        present, wanted, own=False, other_owners=1
    )


@pytest.mark.parametrize(
    ("present", "wanted"),
    [(ADMIN, OWNER), (NORMAL, ADMIN), (NORMAL, OWNER), (CLIENT, NORMAL), (CLIENT, OWNER)],
)
def test_nobody_raises_himself(present, wanted):
    assert roles.fault_of_change(present, wanted, own=True, other_owners=3) == "own_role_raised"
    assert roles.fault_of_change(wanted, present, own=True, other_owners=3) is None


def test_a_role_there_is_not_is_unknown_whoever_asks():
    assert roles.fault_of_change(OWNER, "root", own=True, other_owners=0) == "unknown"


def test_only_the_last_legal_representative_stays():
    assert roles.fault_of_going(OWNER, other_owners=0) == "last_owner"
    assert roles.fault_of_going(OWNER, other_owners=1) is None
    for role in (ADMIN, NORMAL, CLIENT):
        assert roles.fault_of_going(role, other_owners=0) is None


def test_somebody_hears_of_money():
    assert not roles.may_opt_out_of_billing(OWNER, other_owners=0)
    assert roles.may_opt_out_of_billing(OWNER, other_owners=1)
    assert roles.may_opt_out_of_billing(ADMIN, other_owners=0)
