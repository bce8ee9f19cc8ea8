"""Work teams over the API: guide 16's scenario as a client walks it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.organizations.models import Grant, Team, TeamMember
from support.api import data, error, faults


@pytest.fixture
def path(house):
    return f"/1/accounts/{house.organization.pk}/teams"


def make(api, path, name="Web", **values):
    return data(api().post(path, {"name": name, **values}))


def test_a_team_is_made_with_rights_and_a_leader(api, house, path):
    answer = api().post(
        f"{path}?with=permissions,users",
        {
            "name": "Web",
            "color_id": 2,
            "owned_by_id": house.people["normal"].pk,
            "permissions": [{"service_id": house.hosting.pk, "rights": ["technical"]}],
        },
    )

    assert answer.status_code == 201
    team = data(answer)
    assert team["owned_by_id"] == house.people["normal"].pk
    assert team["created_by_id"] == house.people["owner"].pk
    assert team["product_count"] == 1
    assert team["product_by_service_count"] == {"web-hosting": 1}
    assert team["permissions"][0]["service_name"] == "web-hosting"
    assert team["users"] == []


def test_members_come_and_go_and_with_them_what_they_may(api, house, path):
    rights = [{"product_id": house.shop.pk, "rights": ["technical"]}]
    first, second = (make(api, path, name, permissions=rights) for name in ("Web", "Shop"))
    users = [house.people[role].pk for role in ("normal", "client")]

    assert data(api().post(f"{path}/{first['id']}/users", {"user_ids": users})) is True
    assert data(api().post(f"{path}/{second['id']}/users", {"user_ids": users[:1]})) is True
    again = api().post(f"{path}/{first['id']}/users", {"user_ids": users})
    assert error(again) == (422, "nothing_changed")
    found = data(api().get(f"{path}/{first['id']}/users"))
    assert {each["id"] for each in found} == set(users)
    for role in ("normal", "client"):
        assert len(data(api(role).get("/1/products"))) == 1
    # By the other team one of them still may.
    gone = api().delete(f"{path}/{first['id']}/users", {"user_ids": users})
    assert data(gone) is True
    assert len(data(api("normal").get("/1/products"))) == 1
    assert data(api("client").get("/1/products")) == []
    assert data(api().delete(f"{path}/{second['id']}")) is True
    assert data(api("normal").get("/1/products")) == []


def test_a_body_of_delete_may_come_by_post(api, house, path):
    team = make(api, path)
    users = {"user_ids": [house.people["normal"].pk]}
    api().post(f"{path}/{team['id']}/users", users)

    answer = api().request(
        "POST",
        f"{path}/{team['id']}/users",
        json=users,
        headers={"X-HTTP-METHOD-OVERRIDE": "DELETE"},
    )
    assert data(answer) is True
    assert not TeamMember.objects.exists()
    assert data(api().request("POST", f"{path}/{team['id']}?_method=DELETE", json={})) is True
    assert not Team.objects.exists()


def test_every_fault_is_told_at_once(api, house, path):
    make(api, path)
    answer = api().post(
        path,
        {
            "name": "web",
            "color_id": 77,
            "permissions": [{"product_id": house.foreign.pk, "rights": ["technical"]}],
        },
    )

    assert {attribute for attribute, _ in faults(answer)} == {"name", "color_id", "permissions"}
    strange = api().post(path, {"name": "Other", "owned_by_id": house.stranger.pk})
    assert faults(strange) == {("owned_by_id", "validation_rule_exists")}
    assert Team.objects.count() == 1
    assert not Grant.objects.exists()


def test_a_team_is_changed_in_part(api, house, path):
    team = make(
        api,
        path,
        owned_by_id=house.people["normal"].pk,
        permissions=[{"product_id": house.shop.pk, "rights": ["technical"]}],
    )
    there = f"{path}/{team['id']}"

    assert data(api().patch(there, {"name": "Sites"}))["owned_by_id"] == team["owned_by_id"]
    assert data(api().patch(there, {"owned_by_id": None}))["owned_by_id"] is None
    assert error(api().patch(there, {"name": "Sites"})) == (422, "nothing_changed")
    api().patch(there, {"permissions": []})
    assert not Grant.objects.exists()


def test_a_member_sees_its_own_teams_only(api, house, path):
    mine, other = make(api, path, "Web"), make(api, path, "Money")
    api().post(f"{path}/{mine['id']}/users", {"user_ids": [house.people["normal"].pk]})

    assert [each["id"] for each in data(api("normal").get(path))] == [mine["id"]]
    assert error(api("normal").get(f"{path}/{other['id']}"))[0] == 404
    assert [e["name"] for e in data(api().get(path.replace("/teams", "/basic/teams")))] == [
        "Money",
        "Web",
    ]


def test_filters_and_orders(api, house, path):
    web, money = make(api, path, "Web"), make(api, path, "Money")
    user = house.people["normal"].pk
    api().post(f"{path}/{web['id']}/users", {"user_ids": [user]})

    found = data(api().get(path, **{"filter[user_ids]": user}))
    assert [each["id"] for each in found] == [web["id"]]
    found = data(api().get(path, order_by="user_count", order="desc"))
    assert [each["id"] for each in found] == [web["id"], money["id"]]
    assert data(api().get(path, search="mon"))[0]["id"] == money["id"]


def test_a_list_costs_the_same_however_long(api, house, path):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            data(api().get(path, **{"with": "*"}))
        return len(seen)

    rights = [{"product_id": house.shop.pk, "rights": ["technical"]}]
    user = {"user_ids": [house.people["normal"].pk]}
    for number in range(2):
        team = make(api, path, f"T{number}", permissions=rights)
        api().post(f"{path}/{team['id']}/users", user)
    before = queries()
    for number in range(2, 8):
        team = make(api, path, f"T{number}", permissions=rights)
        api().post(f"{path}/{team['id']}/users", user)
    assert queries() == before


@pytest.mark.parametrize(("role", "told"), [("normal", 403), ("client", 403), ("stranger", 404)])
def test_only_those_who_lead_manage_teams(api, house, path, role, told):
    team = make(api, path)
    there = f"{path}/{team['id']}"
    api().post(f"{there}/users", {"user_ids": [house.people[r].pk for r in ("normal", "client")]})
    before = [list(model.objects.order_by("pk").values()) for model in (Team, TeamMember)]
    users = {"user_ids": [house.people["admin"].pk]}

    client = api(role)
    for answer in (
        client.post(path, {"name": "Mine"}),
        client.patch(there, {"name": "Mine"}),
        client.delete(there),
        client.post(f"{there}/users", users),
        client.delete(f"{there}/users", users),
    ):
        assert answer.status_code == told
    assert [list(m.objects.order_by("pk").values()) for m in (Team, TeamMember)] == before
