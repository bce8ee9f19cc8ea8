"""Rights as they are loaded: one statement, the union of everything, at the next question."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.organizations.domain.rights import EVERYTHING, RIGHTS, product, service
from hospes.organizations.models import Grant, Membership
from hospes.organizations.queries import rights
from support.organizations import join, make_product, make_service
from support.teams import give, make_house, make_team


@pytest.fixture
def house():
    return make_house()


def asked(function, *values):
    with CaptureQueriesContext(connection) as statements:
        found = function(*values)
        found = list(found) if hasattr(found, "query") else found
    return found, len(statements)


@pytest.mark.parametrize("name", ["owner", "admin"])
def test_whoever_leads_may_everything_without_a_grant(house, name):
    member = getattr(house, name)

    assert rights.decide(member, house.first).rights == set(RIGHTS)
    assert rights.allowed(member, house.first, "sale")
    assert not rights.allowed(member, house.first, "nonsense")
    assert set(rights.visible_products(member)) == {house.first, house.second}


@pytest.mark.parametrize("name", ["anna", "eva"])
def test_others_may_nothing_that_they_were_not_given(house, name):
    member = getattr(house, name)

    assert not rights.decide(member, house.first).rights
    assert not rights.visible_products(member).exists()

    give(house, member, product(house.first.pk), "statistic")

    assert rights.decide(member, house.first).rights == {"statistic"}
    assert rights.decide(member, house.second).rights == set()
    assert list(rights.visible_products(member)) == [house.first]
    assert not rights.products_with(member, "technical").exists()


def test_a_right_is_the_union_of_teams_and_of_what_was_given_directly(house):
    web, shop = make_team(house, "Web", house.anna), make_team(house, "Shop", house.anna)
    give(house, web, product(house.first.pk), "technical")
    give(house, shop, service(house.first.service_id), "sale", "technical")
    give(house, house.anna, EVERYTHING, "check")

    decision = rights.decide(house.anna, house.first)

    assert decision.rights == {"technical", "sale", "check"}
    assert [why.grant.holder_name for why in decision.reasons["technical"]] == ["Shop", "Web"]
    assert [why.grant.holder for why in decision.reasons["check"]] == ["member"]
    assert not rights.decide(house.bruno, house.first).rights


def test_wide_rights_reach_products_that_come_later(house):
    give(house, house.anna, EVERYTHING, "check")
    give(house, house.bruno, service(house.first.service_id), "sale")

    later = make_product(house.organization, house.first.service)
    other = make_product(house.organization, make_service("radio"))

    assert rights.decide(house.anna, later).rights == {"check"}
    assert rights.decide(house.anna, other).rights == {"check"}
    assert rights.decide(house.bruno, later).rights == {"sale"}
    assert rights.decide(house.bruno, other).rights == set()
    assert set(rights.visible_products(house.bruno)) == {house.first, house.second, later}


def test_another_organization_counts_for_nothing(house):
    there = make_house("Andere GmbH", "andere")
    anna_there = join(there.organization, house.anna.account, Membership.Role.ADMIN)
    give(house, house.anna, EVERYTHING, *RIGHTS)

    assert not rights.decide(house.anna, there.first).rights
    assert not rights.decide(there.owner, house.first).rights
    assert not rights.allowed(there.owner, house.first, "technical")
    assert set(rights.visible_products(anna_there)) == {there.first, there.second}
    # Even a row that should not be there does not open another organization's product.
    team = make_team(there, "Web", there.anna)
    Grant.objects.create(
        team=team, product=house.first, reach=f"product:{house.first.pk}",
        right="technical", created_at=team.created_at,
    )  # fmt: skip
    assert not rights.decide(there.anna, house.first).rights
    assert house.first not in rights.visible_products(there.anna)


def test_the_organization_grows_and_the_statements_do_not(house):
    _decision, alone = asked(rights.decide, house.anna, house.first)
    _found, listed = asked(rights.visible_products, house.anna)
    for number in range(6):
        team = make_team(house, f"Team {number}", house.anna, house.bruno)
        give(house, team, product(house.first.pk), "technical")
        make_product(house.organization)

    decision, more = asked(rights.decide, house.anna, house.first)
    _found, listed_more = asked(rights.visible_products, house.anna)

    assert len(decision.reasons["technical"]) == 6
    assert (alone, more) == (1, 1)
    assert (listed, listed_more) == (1, 1)
    assert asked(rights.allowed, house.admin, house.first, "sale")[1] == 0
