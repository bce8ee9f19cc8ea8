from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.scim import bulk, etags, lists, projection, reading
from hospes.protocols.scim.errors import ScimError
from hospes.protocols.scim.projection import Wanted
from hospes.protocols.scim.schemas import ENTERPRISE, GROUP, USER, group_kind, kinds, user_kind


def test_names_are_read_without_case_and_unknown_ones_left_out():
    found = reading.resource(
        {
            "SCHEMAS": [USER.upper()],
            "USERNAME": "babs",
            "displayname": "Babs",
            "Emails": [{"Value": "b@x.example", "PRIMARY": "True", "colour": "red"}],
            "active": "false",
            "colour": "red",
            "id": "mine",
            "groups": [{"value": "x"}],
            "meta": {"version": "x"},
            "password": "never kept",
            ENTERPRISE.lower(): {"department": "Tours", "costCenter": 7},
        },
        user_kind(),
    )

    assert found == {
        "userName": "babs",
        "displayName": "Babs",
        "emails": [{"value": "b@x.example", "primary": True}],
        "active": False,
        ENTERPRISE: {"department": "Tours", "costCenter": "7"},
    }


def test_null_and_empty_lists_are_no_values():
    found = reading.resource(
        {"schemas": [GROUP], "displayName": "T", "externalId": None, "members": []}, group_kind()
    )

    assert found == {"displayName": "T"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b"{",
        b"\xff{}",
        b'{"a": NaN}',
        b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_object_is_refused(body):
    with pytest.raises(ScimError) as refused:
        reading.load(body)
    assert refused.value.kind == "invalidSyntax"


@pytest.mark.parametrize("schemas", [None, [], ["x"], "x", [GROUP], {USER: 1}, [7]])
def test_a_body_says_what_it_is(schemas):
    with pytest.raises(ScimError) as refused:
        reading.resource({"schemas": schemas, "userName": "b"}, user_kind())
    assert refused.value.kind == "invalidSyntax"


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(body):
    try:
        found = reading.load(body)
    except ScimError:
        return
    assert isinstance(found, dict)


def test_the_schemas_say_what_is_offered():
    user, group = (kind.schema for kind in kinds())

    assert "password" not in user.attributes
    assert user.attributes["emails"].required
    assert user.attributes["groups"].read_only
    assert [each["name"] for each in user.document["attributes"]] == [
        each.name for each in user.attributes.values()
    ]
    assert group.attributes["members"].subs["type"].name == "type"
    for schema in (user, group, *user_kind().extensions):
        assert all("\n" not in each["description"] for each in schema.document["attributes"])


BABS = {
    "schemas": [USER, ENTERPRISE],
    "id": "1",
    "userName": "babs",
    "name": {"familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "b@x.example", "type": "work"}],
    ENTERPRISE: {"department": "Tours", "division": "B"},
    "meta": {"resourceType": "User", "version": "v"},
}


@pytest.mark.parametrize(
    ("only", "without", "names"),
    [
        ([], [], {*BABS}),
        (["userName"], [], {"schemas", "id", "userName"}),
        (["USERNAME", "unheard"], [], {"schemas", "id", "userName"}),
        (["unheard"], [], {"schemas", "id"}),
        ([ENTERPRISE], [], {"schemas", "id", ENTERPRISE}),
        ([f"{ENTERPRISE}:division"], [], {"schemas", "id", ENTERPRISE}),
        ([], ["id", "schemas", "name"], {*BABS} - {"name"}),
        ([], [f"{USER}:name", ENTERPRISE], {*BABS} - {"name", ENTERPRISE}),
        ([], [f"{ENTERPRISE}:department", f"{ENTERPRISE}:division"], {*BABS} - {ENTERPRISE}),
    ],
)
def test_attributes_are_chosen(only, without, names):
    assert set(projection.project(BABS, projection.read(only, without), user_kind())) == names


def test_parts_are_chosen():
    def chosen(*only, without=()):
        return projection.project(BABS, Wanted(only, tuple(without)), user_kind())

    assert chosen("name.givenName")["name"] == {"givenName": "Barbara"}
    assert chosen("emails.value")["emails"] == [{"value": "b@x.example"}]
    assert chosen(f"{ENTERPRISE}:division")[ENTERPRISE] == {"division": "B"}
    assert chosen(without=["name.givenName"])["name"] == {"familyName": "Jensen"}
    assert chosen(without=[f"{ENTERPRISE}:division"])[ENTERPRISE] == {"department": "Tours"}


def test_what_is_returned_on_request_is_returned_then():
    group = {"id": "1", "members": [{"value": "a", "display": "Anna"}]}

    def members(*only):
        return projection.project(group, Wanted(only), group_kind())["members"]

    assert members() == members("members") == [{"value": "a"}]
    assert members("members.display") == [{"display": "Anna"}]


@pytest.mark.parametrize(
    ("only", "without"), [(["a"], ["b"]), (["a b"], []), ([], ["é"]), (["a"] * 101, [])]
)
def test_what_cannot_be_chosen_is_refused(only, without):
    with pytest.raises(ScimError):
        projection.read(only, without)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (1, 100)),
        ({"startIndex": "3", "count": "7"}, (3, 7)),
        ({"STARTINDEX": "0", "count": "-1"}, (1, 0)),
        ({"startIndex": "-5", "count": "0"}, (1, 0)),
        ({"count": "5000"}, (1, 100)),
    ],
)
def test_pages_are_asked_for(values, expected):
    query = lists.from_parameters(values, most=100)

    assert (query.start, query.count) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"startIndex": "x"},
        {"count": "1.5"},
        {"count": "٣"},
        {"count": "9" * 400},
        {"count": "--1"},
        {"sortOrder": "up"},
        {"sortBy": "a b"},
        {"filter": "x"},
        {"attributes": "a", "excludedAttributes": "b"},
    ],
)
def test_what_no_query_asks_is_refused(values):
    with pytest.raises(ScimError):
        lists.from_parameters(values, most=100)


@pytest.mark.parametrize(
    "told",
    [{"count": "7"}, {"count": True}, {"filter": 7}, {"attributes": [7]}, {"attributes": {"a": 1}}],
)
def test_a_search_has_values_of_their_kinds(told):
    with pytest.raises(ScimError):
        lists.from_search({"schemas": [lists.SEARCH_SCHEMA], **told}, most=100)


def test_a_version_is_of_what_the_resource_says():
    version = etags.version_of(BABS)

    assert version == etags.version_of({**BABS, "meta": {"resourceType": "User", "version": "w"}})
    assert version != etags.version_of({**BABS, "userName": "barbara"})
    assert etags.named(version, version)
    assert etags.named(version.removeprefix("W/"), version)
    assert etags.named(f'"a", {version}', version)
    assert etags.named("*", version)
    for other in ("", '"a"', version[:-2], 'W/"', f"{version}x"):
        assert not etags.named(other, version)


def test_a_bulk_request_refers_to_its_own():
    document = {
        "schemas": [bulk.REQUEST_SCHEMA],
        "failOnErrors": 2,
        "Operations": [
            {
                "method": "post",
                "path": "/Groups",
                "bulkId": "g",
                "data": {"members": [{"value": "bulkId:u"}], "displayName": "bulkId:"},
            },
            {"method": "DELETE", "path": "/Users/bulkId:u"},
        ],
    }

    (make, delete), limit = bulk.read(document, most=2)

    assert limit == 2
    assert (make.refers_to(), delete.refers_to()) == ({"u"}, {"u"})
    assert make.resolved({"u": "77"})[1] == {
        "members": [{"value": "77"}],
        "displayName": "bulkId:",
    }
    assert delete.resolved({"u": "77"}) == ("/Users/77", None)
    with pytest.raises(ScimError) as refused:
        bulk.read(document, most=1)
    assert refused.value.status == 413


@pytest.mark.parametrize(
    "operations",
    [
        [],
        {},
        [7],
        [{"method": "GET", "path": "/Users"}],
        [{"method": "POST", "path": "/Users", "data": {}}],
        [{"method": "POST", "path": "Users", "bulkId": "a", "data": {}}],
        [{"method": "POST", "path": "/Users", "bulkId": "a"}],
        [{"method": "POST", "path": "/Users", "bulkId": 7, "data": {}}],
        [{"method": "PUT", "path": "/Users/1", "data": []}],
        [{"method": "DELETE", "path": "/U/1", "bulkId": "a"}] * 2,
        [{"method": "DELETE", "path": "/" + "U" * 600}],
    ],
)
def test_what_is_no_bulk_request_is_refused(operations):
    with pytest.raises(ScimError):
        bulk.read({"schemas": [bulk.REQUEST_SCHEMA], "Operations": operations}, most=10)


@pytest.mark.parametrize("limit", [-1, True, "2", 1.5])
def test_fail_on_errors_is_a_number(limit):
    with pytest.raises(ScimError):
        bulk.read(
            {
                "schemas": [bulk.REQUEST_SCHEMA],
                "failOnErrors": limit,
                "Operations": [{"method": "DELETE", "path": "/Users/1"}],
            },
            most=10,
        )
