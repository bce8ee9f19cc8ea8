"""The endpoints: who gets in, groups, lists, versions, bulk, and what is refused how."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scim.world import GROUP, SEARCH, USER, Client, refusal

from hospes.foundation import clock as now
from hospes.foundation import numbers
from hospes.foundation.models import NumberSetting
from hospes.organizations.models import Team
from hospes.scim.models import Directory


def set_number(key, value):
    NumberSetting.objects.create(key=key, value=value, updated_at=now.now())
    numbers.forget()


PLACES = ["/Users", "/Groups", "/Schemas", "/ServiceProviderConfig", "/ResourceTypes", "/x", "/"]


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("token", ["", "hsp_scim_" + "a" * 43, "a:b", "a b"])
def test_without_a_token_nothing_is_told(world, path, token):
    client = Client("")
    header = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.request("GET", path, headers=header)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_gets_in_nowhere_and_changes_nothing(world):
    user = world.client.make_user("a@muster.example")
    Directory.objects.update(revoked_at=now.now())
    before = world.rows()

    for method, path in (("GET", "/Users"), ("DELETE", f"/Users/{user['id']}")):
        assert world.client.request(method, path).status_code == 401
    body = {"schemas": [USER], "userName": "b@muster.example"}
    assert world.client.request("POST", "/Users", json=body).status_code == 401
    assert world.rows() == before


@pytest.mark.parametrize("elsewhere", [False, True])
def test_another_directory_sees_and_changes_nothing(world, make_account, elsewhere):
    user = world.client.make_user("a@muster.example")
    group = world.client.make_group("Tours", user["id"])
    if elsewhere:
        from support.organizations import own

        boss = make_account("boss@else.example")
        membership = own(boss).memberships.get()
        _directory, other = world.connect("Other", membership)
    else:
        _directory, other = world.connect("Other")
    before = world.rows()

    for path, schema in ((f"/Users/{user['id']}", USER), (f"/Groups/{group['id']}", GROUP)):
        assert other.request("GET", path).status_code == 404
        assert other.request("DELETE", path).status_code == 404
        body = {"schemas": [schema], "userName": "x@muster.example", "displayName": "X"}
        assert other.request("PUT", path, json=body).status_code == 404
        assert other.patch(path, {"op": "remove", "path": "externalId"}).status_code == 404
        told = other.bulk({"method": "DELETE", "path": path}).json()
        assert told["Operations"][0]["status"] == "404"
    for where in ("/Users", "/Groups", "/"):
        assert other.get(where)["totalResults"] == 0
    search = {"schemas": [SEARCH], "filter": "id pr"}
    assert other.request("POST", "/.search", json=search).json()["totalResults"] == 0
    body = {"schemas": [GROUP], "displayName": "Y", "members": [{"value": user["id"]}]}
    assert refusal(other.request("POST", "/Groups", json=body)) == (400, "invalidValue")
    assert world.rows() == before


def test_too_many_requests_are_put_off(world):
    set_number("scim.requests", 10)
    for _ in range(10):
        assert world.client.request("GET", "/Schemas").status_code == 200
    before = world.rows()
    body = {"schemas": [USER], "userName": "b@muster.example"}
    answer = world.client.request("POST", "/Users", json=body)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 61
    assert world.rows() == before


def test_wrong_tokens_are_put_off_by_network(world):
    set_number("scim.wrong_tokens", 2)
    wrong = Client("hsp_scim_wrong", ip="203.0.113.9")

    assert [wrong.request("GET", "/Users").status_code for _ in range(3)] == [401, 401, 429]
    assert world.client.request("GET", "/Users").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Nothing", 404),
        ("GET", "/Users/x/y", 404),
        ("GET", "/Schemas/urn:none", 404),
        ("GET", "/ServiceProviderConfig/x", 404),
        ("GET", "/ResourceTypes?filter=id%20pr", 403),
        ("DELETE", "/Users", 405),
        ("POST", "/Users/x", 405),
        ("GET", "/Bulk", 405),
        ("GET", "/.search", 405),
        ("PUT", "/Schemas", 405),
        ("GET", "/Users?filter=x", 400),
        ("GET", "/Users?count=x", 400),
        ("GET", "/Users?sortBy=colour", 400),
    ],
)
def test_whatever_is_refused_is_refused_in_scims_form(world, method, path, status):
    answer = world.client.request(method, path, json={} if method in {"PUT", "POST"} else None)

    assert answer.status_code == status
    assert status != 405 or answer.headers["allow"]


def test_bodies_of_another_kind_are_refused(world):
    for content, kind, wanted in (
        (b"<x/>", "text/xml", 415),
        (b"{", "application/scim+json", 400),
        (b"[]", "application/json", 400),
    ):
        headers = {"Content-Type": kind}
        answer = world.client.request("POST", "/Users", content=content, headers=headers)
        assert answer.status_code == wanted


def test_groups_are_work_teams(world, make_account):
    bea = make_account("bea@muster.example")
    world.join(bea)
    linked = world.client.make_user("bea@muster.example")["id"]
    invited = world.client.make_user("new@muster.example")["id"]
    group = world.client.make_group("Tours", linked, invited)
    path = f"/Groups/{group['id']}"
    by_hand = world.join(make_account("hand@muster.example"))
    team = Team.objects.get(name="Tours")
    team.places.create(membership=by_hand, added_at=now.now())

    def members():
        return {each["value"] for each in world.client.get(path).get("members", [])}

    def people():
        return set(team.members.values_list("account__email", flat=True))

    assert members() == {linked, invited}
    assert people() == {"bea@muster.example", "hand@muster.example"}
    remove = {"op": "Remove", "path": "members", "value": [{"value": linked}]}
    assert world.client.patch(path, remove).status_code == 200
    assert (members(), people()) == ({invited}, {"hand@muster.example"})
    body = {"schemas": [GROUP], "displayName": "Trips", "members": [{"value": linked}]}
    assert world.client.request("PUT", path, json=body).json()["displayName"] == "Trips"
    assert (members(), people()) == ({linked}, {"bea@muster.example", "hand@muster.example"})
    add = {"op": "add", "path": "members", "value": [{"value": "nobody"}]}
    assert refusal(world.client.patch(path, add)) == (400, "invalidValue")
    assert world.client.request("DELETE", path).status_code == 204
    assert not Team.objects.exists()
    assert world.member_of(bea)


def test_a_team_made_by_hand_is_not_taken(world):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.teams import CreateTeam, create_team

    lead = world.member_of(world.olga)
    create_team(CreateTeam(world.organization, "Tours"), acting_member=lead, origin=SYSTEM)
    own = world.client.make_group("Own")
    before = world.rows()

    for name, words in (("TOURS", "Hand it over"), ("own", "already")):
        body = {"schemas": [GROUP], "displayName": name}
        answer = world.client.request("POST", "/Groups", json=body)
        assert refusal(answer) == (409, "uniqueness")
        assert words in answer.json()["detail"]
    rename = {"op": "replace", "path": "displayName", "value": "Tours"}
    assert refusal(world.client.patch(f"/Groups/{own['id']}", rename)) == (409, "uniqueness")
    assert world.rows() == before


def test_lists_are_filtered_sorted_and_cut(world):
    set_number("scim.results", 4)
    for number in range(6):
        title = "Guide" if number % 2 else "Chef"
        world.client.make_user(f"u{number}@muster.example", title=title, externalId=f"e{number}")

    def names(**params):
        told = world.client.get("/Users", **params)
        assert told["itemsPerPage"] == len(told["Resources"])
        return told["totalResults"], [each["userName"][:2] for each in told["Resources"]]

    assert names() == (6, ["u0", "u1", "u2", "u3"])
    assert names(startIndex="5") == (6, ["u4", "u5"])
    assert names(startIndex="99") == (6, [])
    assert names(count="0") == (6, [])
    assert names(filter='title eq "guide"', count="2") == (3, ["u1", "u3"])
    assert names(filter='title eq "guide" and userName ne "u1@muster.example"')[1] == ["u3", "u5"]
    assert names(filter='externalId eq "e2" or userName eq "U4@muster.example"')[1] == ["u2", "u4"]
    assert names(filter='externalId eq "e2" or title eq "guide"')[0] == 4
    assert names(filter='active eq true and not (title eq "chef")')[0] == 3
    assert names(sortBy="userName", sortOrder="descending", count="2")[1] == ["u5", "u4"]
    assert names(sortBy="title", startIndex="4")[1] == ["u1", "u3", "u5"]
    search = {"schemas": [SEARCH], "filter": 'userName sw "u5"', "attributes": ["userName"]}
    told = world.client.request("POST", "/Users/.search", json=search).json()["Resources"]
    assert [set(each) for each in told] == [{"schemas", "id", "userName"}]


def test_lists_take_a_fixed_number_of_queries(world):
    def asked():
        counts = []
        for path in ("/Users", "/Groups", "/Users?filter=title%20pr", "/?sortBy=id"):
            with CaptureQueriesContext(connection) as queries:
                assert world.client.request("GET", path).status_code == 200
            counts.append(len(queries))
        return counts

    user = world.client.make_user("a@muster.example")
    world.client.make_group("A", user["id"])
    asked()
    before = asked()
    for number in range(5):
        user = world.client.make_user(f"b{number}@muster.example", title="x")
        world.client.make_group(f"B{number}", user["id"])

    assert asked() == before


def test_versions_guard_against_what_somebody_else_changed(world):
    answer = world.client.request(
        "POST", "/Users", json={"schemas": [USER], "userName": "a@muster.example"}
    )
    path, tag = f"/Users/{answer.json()['id']}", answer.headers["etag"]
    assert answer.headers["location"].endswith(path)
    assert world.client.request("GET", path).headers["etag"] == tag
    unchanged = world.client.request("GET", path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    title = {"op": "add", "path": "title", "value": "x"}
    assert world.client.patch(path, title, headers={"If-Match": tag}).status_code == 200
    before = world.rows()
    stale = {"If-Match": tag}
    assert world.client.patch(path, {**title, "value": "y"}, headers=stale).status_code == 412
    assert world.client.request("DELETE", path, headers=stale).status_code == 412
    assert world.rows() == before
    # A place in a team is part of what the resource says.
    tag = world.client.request("GET", path).headers["etag"]
    world.client.make_group("Tours", path.rpartition("/")[2])
    assert world.client.request("GET", path).headers["etag"] != tag


def user_of(bulk_id, name):
    data = {"schemas": [USER], "userName": name}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data}


def test_bulk_resolves_what_refers_to_its_own_also_forwards(world):
    members = [{"value": "bulkId:u"}, {"value": "bulkId:v"}]
    group = {"schemas": [GROUP], "displayName": "Tours", "members": members}
    answer = world.client.bulk(
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": group},
        user_of("u", "u@muster.example"),
        user_of("v", "v@muster.example"),
        {"method": "DELETE", "path": "/Users/bulkId:v"},
    )

    told = answer.json()["Operations"]
    assert [each["status"] for each in told] == ["201", "201", "201", "204"]
    assert [each["method"] for each in told] == ["POST", "POST", "POST", "DELETE"]
    (found,) = world.client.get("/Groups")["Resources"]
    assert [each["value"] for each in found["members"]] == world.client.find("userName pr")


def test_bulk_stops_at_its_number_of_errors(world):
    wrong = {"method": "DELETE", "path": "/Users/none"}
    waits = {
        "method": "POST",
        "path": "/Groups",
        "bulkId": "g",
        "data": {"schemas": [GROUP], "displayName": "T", "members": [{"value": "bulkId:no"}]},
    }
    answer = world.client.bulk(
        user_of("a", "a@muster.example"), wrong, waits, user_of("b", "b@x.example"), failOnErrors=2
    )

    told = answer.json()["Operations"]
    assert [each["status"] for each in told] == ["201", "404", "400"]
    assert told[1]["response"]["detail"]
    assert len(world.client.find("userName pr")) == 1


def test_bulk_has_bounds(world):
    set_number("scim.bulk_operations", 1)
    before = world.rows()
    answer = world.client.bulk(user_of("a", "a@x.example"), user_of("b", "b@x.example"))
    assert refusal(answer) == (413, "tooMany")
    large = json.dumps({"schemas": ["x" * 1024 * 1024]}).encode()
    headers = {"Content-Type": "application/scim+json"}
    answer = world.client.request("POST", "/Bulk", content=large, headers=headers)
    assert answer.status_code == 413
    odd = {"method": "POST", "path": "/Bulk", "bulkId": "a", "data": {}}
    assert world.client.bulk(odd).json()["Operations"][0]["status"] == "400"
    for method in ("DELETE", "PATCH"):
        odd = {"method": method, "path": "/Groups/a\0b", "data": {}}
        assert world.client.bulk(odd).json()["Operations"][0]["status"] in {"400", "404"}
    assert world.rows() == before


@pytest.mark.parametrize(("key", "value"), [("scim.users_per_directory", 10)])
def test_a_directory_keeps_so_many(world, key, value):
    set_number(key, value)
    for number in range(10):
        world.client.make_user(f"u{number}@muster.example")
    body = {"schemas": [USER], "userName": "more@muster.example"}

    assert refusal(world.client.request("POST", "/Users", json=body)) == (413, "tooMany")


def test_an_organization_connects_so_many(world):
    from hospes.kit.faults import Refused

    set_number("scim.directories_per_organization", 1)
    with pytest.raises(Refused, match="too_many"):
        world.connect("Second")
    assert Directory.objects.count() == 1


def test_its_last_use_is_kept_to_the_minute(world, clock):
    world.client.get("/Users")
    first = Directory.objects.get().last_used_at
    assert first is not None
    world.client.get("/Users")
    assert Directory.objects.get().last_used_at == first
