"""``/accounts``, services and tags over the whole stack behind the token gate."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock
from hospes.organizations.models import Address, Tag
from support.api import data, error, faults


def test_accounts_are_those_one_belongs_to(api, house):
    found = data(api("normal").get("/1/accounts"))

    own = next(each for each in found if each["id"] == house.organization.pk)
    assert own["name"] == "Haus AG"
    assert own["role"] == "normal"
    assert own["is_customer"] is True
    assert house.elsewhere.pk not in {each["id"] for each in found}


def test_an_account_that_is_not_ones_own_is_not_found(api, house):
    for role in ("stranger", "owner"):
        other = house.organization if role == "stranger" else house.elsewhere
        assert error(api(role).get(f"/1/accounts/{other.pk}")) == (404, "object_not_found")


def test_with_brings_what_it_names_and_no_more(api, house):
    Address.objects.create(
        organization=house.organization, kind="main", city="Chur", country="CH", for_invoice=True
    )
    path = f"/1/accounts/{house.organization.pk}"

    assert "addresses" not in data(api().get(path))
    found = data(api().get(path, **{"with": "addresses,counts"}))
    assert found["addresses"][0]["city"] == "Chur"
    assert found["addresses"][0]["country_id"] == 86
    assert (found["nb_users"], found["count_owners"], found["nb_invitations"]) == (4, 1, 0)
    assert "nb_users" not in data(api("normal").get(path, **{"with": "counts"}))
    assert "addresses" not in data(api("client").get(path, **{"with": "addresses"}))
    assert ("with", "validation_rule_in") in faults(api().get(path, **{"with": "money"}))


def test_a_token_for_one_organization_sees_no_other(api, house):
    other = api("owner", organization_id=house.elsewhere.pk)

    assert data(other.get("/1/accounts")) == []
    assert error(other.get(f"/1/accounts/{house.organization.pk}")) == (404, "object_not_found")


def test_whoever_lacks_two_step_verification_is_kept_out(api, house):
    house.organization.two_step_required_at = clock.now()
    house.organization.save()
    path = f"/1/accounts/{house.organization.pk}"

    answer = api("normal").get(path)
    assert error(answer) == (403, "access_denied")
    assert answer.json()["error"]["context"]["reason"] == "two_step_required"
    assert house.organization.pk not in {e["id"] for e in data(api("normal").get("/1/accounts"))}
    account = house.people["normal"]
    account.two_step_since = clock.now()
    account.save()
    assert data(api("normal").get(path))["has_2fa_required"] is True


def test_services_are_those_of_the_products_one_sees(api, house):
    path = f"/1/accounts/{house.organization.pk}/services"

    found = data(api().get(path))
    assert [(each["code"], each["product_count"]) for each in found] == [
        ("domain", 1),
        ("web-hosting", 1),
    ]
    assert data(api("normal").get(path)) == []


def test_tags_are_made_changed_and_deleted(api, house):
    path = f"/1/accounts/{house.organization.pk}/tags"
    answer = api().post(path, {"name": "Shops", "color_id": 3})
    assert answer.status_code == 201
    tag = data(answer)

    assert faults(api().post(path, {"name": "Shops", "color_id": 99})) == {
        ("name", "validation_rule_unique"),
        ("color_id", "validation_rule_choose"),
    }
    assert data(api().patch(f"{path}/{tag['id']}", {"name": "Sites"}))["name"] == "Sites"
    assert error(api().patch(f"{path}/{tag['id']}", {"name": "Sites"})) == (422, "nothing_changed")
    assert data(api().delete(f"{path}/{tag['id']}")) is True
    assert data(api().get(path)) == []


@pytest.mark.parametrize(("role", "told"), [("normal", 403), ("client", 403), ("stranger", 404)])
def test_only_those_who_lead_make_tags(api, house, role, told):
    path = f"/1/accounts/{house.organization.pk}/tags"

    assert api(role).post(path, {"name": "Shops"}).status_code == told
    assert not Tag.objects.exists()


def test_a_dry_run_leaves_nothing(api, house):
    path = f"/1/accounts/{house.organization.pk}/tags?dry_run=1"

    assert data(api().post(path, {"name": "Shops"}))["name"] == "Shops"
    assert not Tag.objects.exists()


def test_a_list_costs_the_same_however_long(api, house):
    from support.organizations import join, make_organization

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            data(api().get("/1/accounts", **{"with": "*"}))
        return len(seen)

    queries()  # The first reads the numbers too.
    before = queries()
    for number in range(8):
        join(make_organization(None, f"O{number}"), house.people["owner"], "admin")
    assert queries() == before
