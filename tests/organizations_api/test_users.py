"""Members over the API."""

from __future__ import annotations

import pytest

from hospes.organizations.models import Grant, Membership
from support.api import data, error, faults


def path(house, user=None):
    tail = "" if user is None else f"/{house.people[user].pk}"
    return f"/2/accounts/{house.organization.pk}/users{tail}"


def test_those_who_lead_see_everything_of_members(api, house):
    found = data(api().get(path(house), **{"with": "*"}))

    assert {each["role_type"] for each in found} == {"owner", "admin", "normal", "client"}
    normal = next(each for each in found if each["role_type"] == "normal")
    assert normal["email"] == "normal@house.example"
    assert normal["double_auth"] is False
    assert normal["permissions"] == []


def test_collaborators_see_names_and_external_users_nobody(api, house):
    found = data(api("normal").get(path(house), **{"with": "*"}))
    other = next(each for each in found if each["role_type"] == "owner")

    assert other["display_name"] == "Owner Haus"
    assert other["email"] is None
    assert not {"double_auth", "last_login_at", "permissions"} & other.keys()
    assert error(api("client").get(path(house))) == (403, "access_denied")
    assert data(api("client").get(path(house, "client")))["email"] == "client@house.example"
    assert error(api("client").get(path(house, "owner"))) == (403, "access_denied")
    assert error(api("stranger").get(path(house))) == (404, "object_not_found")


def test_version_one_answers_too_and_without_a_version(api, house):
    for prefix in ("/1", "/2", ""):
        answer = api().get(f"{prefix}/accounts/{house.organization.pk}/users")
        assert len(data(answer)) == 4


def test_lists_are_narrowed(api, house):
    client = api()

    assert len(data(client.get(path(house), search="norm"))) == 1
    found = data(client.get(path(house), **{"filter[role_type]": "owner,admin"}))
    assert {each["role_type"] for each in found} == {"owner", "admin"}
    total = client.get(path(house), **{"return": "total"})
    assert data(total) == 4


def test_a_role_billing_and_rights_are_changed(api, house):
    body = {
        "role_type": "client",
        "has_billing": True,
        "permissions": [{"product_id": house.shop.pk, "rights": ["technical", "statistic"]}],
    }
    answer = api().request("PATCH", path(house, "normal"), json=body, params={"with": "*"})

    found = data(answer)
    assert found["role_type"] == "client"
    assert found["has_billing"] is True
    assert found["permissions"][0]["rights"] == ["technical", "statistic"]
    accesses = data(api().get(f"{path(house, 'normal')}/app_accesses"))
    assert [(e["product_id"], e["rights"]) for e in accesses] == [
        (house.shop.pk, ["technical", "statistic"])
    ]


def test_the_last_legal_representative_stays(api, house):
    for answer in (
        api().patch(path(house, "owner"), {"role_type": "admin"}),
        api("admin").delete(path(house, "owner")),
        api("admin").patch(path(house, "owner"), {"role_type": "normal"}),
        api("admin").patch(path(house, "normal"), {"role_type": "owner"}),
    ):
        assert answer.status_code in {403, 422}, answer.text
    roles = set(house.organization.memberships.values_list("account__email", "role"))
    assert ("owner@house.example", "owner") in roles
    assert ("normal@house.example", "normal") in roles


def test_a_removed_member_is_a_stranger_at_once(api, house):
    client = api("normal")
    assert client.get(f"/1/accounts/{house.organization.pk}").status_code == 200

    assert data(api().delete(path(house, "normal"))) is True
    assert error(client.get(f"/1/accounts/{house.organization.pk}"))[0] == 404
    assert error(api().delete(path(house, "normal"))) == (404, "object_not_found")


@pytest.mark.parametrize(
    ("permission", "fault"),
    [
        ({"product_id": 999_999, "rights": ["technical"]}, "permissions"),
        ({"rights": ["everything"]}, "permissions.0.rights.0"),
        ({"service_id": 1, "product_id": 1, "rights": ["technical"]}, "permissions.0"),
    ],
)
def test_rights_that_cannot_be_are_refused(api, house, permission, fault):
    answer = api().patch(path(house, "normal"), {"permissions": [permission]})

    assert fault in {attribute for attribute, _ in faults(answer)}
    assert not Grant.objects.exists()


@pytest.mark.parametrize(("role", "told"), [("normal", 403), ("client", 403), ("stranger", 404)])
def test_only_those_who_lead_change_members(api, house, role, told):
    before = list(Membership.objects.order_by("pk").values())

    assert api(role).patch(path(house, "admin"), {"role_type": "normal"}).status_code == told
    assert api(role).delete(path(house, "admin")).status_code == told
    assert list(Membership.objects.order_by("pk").values()) == before
