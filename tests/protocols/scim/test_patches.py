from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.scim import patches
from hospes.protocols.scim.errors import ScimError
from hospes.protocols.scim.schemas import ENTERPRISE, USER, group_kind, user_kind

WORK = {"value": "b@work.example", "type": "work", "primary": True}
HOME = {"value": "b@home.example", "type": "home"}
BABS = {
    "id": "1",
    "userName": "babs",
    "active": True,
    "name": {"familyName": "Jensen", "givenName": "Barbara"},
    "emails": [WORK, HOME],
    ENTERPRISE: {"department": "Tours"},
}
TOURS = {"id": "9", "displayName": "Tours", "members": [{"value": "a"}, {"value": "b"}]}


def patched(*operations, resource=BABS, kind=None):
    before = copy.deepcopy(resource)
    document = {"schemas": [patches.PATCH_SCHEMA], "Operations": list(operations)}
    found = patches.apply(resource, patches.read(document), kind or user_kind())
    assert resource == before
    return found


def changed(*operations, **kwargs):
    """What differs from before; None stands for what is gone."""
    resource = kwargs.get("resource", BABS)
    found = patched(*operations, **kwargs)
    return {
        name: found.get(name)
        for name in {*found, *resource}
        if found.get(name) != resource.get(name)
    }


def op(name, path=None, value=None):
    told = {"op": name}
    if path is not None:
        told["path"] = path
    if value is not None:
        told["value"] = value
    return told


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (op("add", "title", "Guide"), {"title": "Guide"}),
        (op("Add", None, {"title": "Guide"}), {"title": "Guide"}),
        (op("replace", "userName", "barbara"), {"userName": "barbara"}),
        (op("Replace", "active", "False"), {"active": False}),
        (op("replace", None, {"active": "false"}), {"active": False}),
        (op("replace", "active", [{"value": "False"}]), {"active": False}),
        (op("replace", None, {"ACTIVE": False, "id": "1"}), {"active": False}),
        (
            op("replace", "name", {"givenName": "Babs"}),
            {"name": {"familyName": "Jensen", "givenName": "Babs"}},
        ),
        (
            op("replace", None, {"name.givenName": "Babs"}),
            {"name": {"familyName": "Jensen", "givenName": "Babs"}},
        ),
        (op("remove", "name.givenName"), {"name": {"familyName": "Jensen"}}),
        (op("remove", "name"), {"name": None}),
        (op("remove", "title"), {}),
        (op("replace", f"{USER}:title", "Guide"), {"title": "Guide"}),
        (
            op("add", f"{ENTERPRISE}:division", "B"),
            {ENTERPRISE: {"department": "Tours", "division": "B"}},
        ),
        (op("replace", None, {f"{ENTERPRISE}:department": "X"}), {ENTERPRISE: {"department": "X"}}),
        (op("replace", None, {ENTERPRISE: {"division": "B"}}), {ENTERPRISE: {"division": "B"}}),
        (
            op("add", None, {ENTERPRISE: {"division": "B"}}),
            {ENTERPRISE: {"department": "Tours", "division": "B"}},
        ),
        (
            op("add", f"{ENTERPRISE}:manager", "77"),
            {ENTERPRISE: {"department": "Tours", "manager": {"value": "77"}}},
        ),
        (op("remove", f"{ENTERPRISE}:department"), {ENTERPRISE: None}),
        (op("remove", ENTERPRISE), {ENTERPRISE: None}),
        (op("add", "emails", [HOME]), {}),
        (
            op("add", "emails", [{"value": "c@x.example", "primary": True}]),
            {
                "emails": [
                    {**WORK, "primary": False},
                    HOME,
                    {"value": "c@x.example", "primary": True},
                ]
            },
        ),
        (op("replace", "emails", [HOME]), {"emails": [HOME]}),
        (op("remove", "emails"), {"emails": None}),
        (op("replace", "emails", []), {"emails": None}),
        (op("remove", 'emails[type eq "work"]'), {"emails": [HOME]}),
        (op("remove", 'emails[type eq "fax"]'), {}),
        (
            op("replace", 'emails[type eq "work"].value', "new@work.example"),
            {"emails": [{**WORK, "value": "new@work.example"}, HOME]},
        ),
        (
            op("Add", 'emails[type eq "other"].value', "o@x.example"),
            {"emails": [WORK, HOME, {"value": "o@x.example", "type": "other"}]},
        ),
        (
            op("add", 'phoneNumbers[type eq "work" and primary eq true].value', "+411"),
            {"phoneNumbers": [{"value": "+411", "type": "work", "primary": True}]},
        ),
        (
            op("replace", 'emails[value ew "home.example"]', {"primary": True}),
            {"emails": [{**WORK, "primary": False}, {**HOME, "primary": True}]},
        ),
        (
            op("remove", "emails.type"),
            {"emails": [{k: v for k, v in WORK.items() if k != "type"}, {"value": HOME["value"]}]},
        ),
        (op("replace", "title"), {}),
        (op("replace", "externalId", 4711), {"externalId": "4711"}),
    ],
)
def test_an_operation_changes(operation, expected):
    assert changed(operation) == expected


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        (op("add", "members", [{"value": "c"}]), ["a", "b", "c"]),
        (op("add", "members", [{"value": "a"}]), ["a", "b"]),
        (op("Add", "members", {"value": "c"}), ["a", "b", "c"]),
        (op("add", None, {"members": [{"value": "c"}]}), ["a", "b", "c"]),
        (op("remove", 'members[value eq "a"]'), ["b"]),
        (op("Remove", "members", [{"value": "a"}, {"value": "z"}]), ["b"]),
        (op("remove", 'members[value eq "a" or value eq "b"]'), []),
        (op("remove", "members"), []),
        (op("replace", "members", [{"value": "z", "type": "User"}]), ["z"]),
        (op("replace", None, {"displayName": "T", "members": []}), []),
    ],
)
def test_members_are_kept(operation, members):
    found = patched(operation, resource=TOURS, kind=group_kind())

    assert [each["value"] for each in found.get("members", [])] == members


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (op("move", "title", "x"), "invalidSyntax"),
        ({"path": "title"}, "invalidSyntax"),
        ("add", "invalidSyntax"),
        ({"op": "add", "path": 7, "value": 1}, "invalidPath"),
        (op("remove"), "noTarget"),
        (op("add", None, "x"), "invalidValue"),
        (op("add", "colour", "x"), "invalidPath"),
        (op("add", None, {"colour": "x"}), "invalidPath"),
        (op("add", "name..x", "x"), "invalidPath"),
        (op("add", "a" * 3000, "x"), "invalidPath"),
        (op("add", 'title[value eq "x"]', "x"), "invalidPath"),
        (op("add", 'emails[value eq "x"].colour', "x"), "invalidPath"),
        (op("add", 'emails[colour eq "x"]', {}), "invalidFilter"),
        (op("add", "emails[value eq]", {}), "invalidFilter"),
        (op("remove", 'emails[type eq "a"] or emails[type eq "b"]'), "invalidPath"),
        (op("replace", 'emails[type eq "fax"].value', "x"), "noTarget"),
        (op("add", 'emails[type co "fax"].value', "x"), "noTarget"),
        (op("replace", "phoneNumbers.type", "work"), "noTarget"),
        (op("replace", "id", "2"), "mutability"),
        (op("remove", "userName"), "mutability"),
        (op("replace", "active"), "mutability"),
        (op("replace", "groups", [{"value": "x"}]), "mutability"),
        (op("add", "meta.version", "x"), "mutability"),
        (op("replace", "active", "perhaps"), "invalidValue"),
        (op("replace", "active", 1), "invalidValue"),
        (op("replace", "title", ["a", "b"]), "invalidValue"),
        (op("replace", "title", {"a": 1}), "invalidValue"),
        (op("replace", "title", "a\0b"), "invalidValue"),
        (op("replace", "title", "x" * 10_001), "invalidValue"),
        (op("replace", "emails", [7]), "invalidValue"),
        (op("replace", "emails", [{"type": "work"}]), "invalidValue"),
        (
            op(
                "replace",
                "emails",
                [{"value": "x", "primary": True}, {"value": "y", "primary": True}],
            ),
            "invalidValue",
        ),
        (op("replace", ENTERPRISE, "x"), "invalidValue"),
    ],
)
def test_what_cannot_be_done_is_refused(operation, kind):
    with pytest.raises(ScimError) as refused:
        patched(op("replace", "title", "before"), operation)
    assert refused.value.kind == kind


def test_an_id_of_a_member_stays():
    with pytest.raises(ScimError) as refused:
        patched(
            op("replace", 'members[value eq "a"].value', "z"), resource=TOURS, kind=group_kind()
        )
    assert refused.value.kind == "mutability"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"schemas": []},
        {"schemas": "x", "Operations": []},
        {"schemas": [patches.PATCH_SCHEMA]},
        {"schemas": [patches.PATCH_SCHEMA], "Operations": []},
        {"schemas": [patches.PATCH_SCHEMA], "Operations": {}},
        {"schemas": [USER], "Operations": [op("remove", "title")]},
    ],
)
def test_what_is_no_patch_is_refused(document):
    with pytest.raises(ScimError) as refused:
        patches.read(document)
    assert refused.value.kind == "invalidSyntax"


def test_a_patch_has_a_bearable_length():
    many = [op("remove", "title")] * 1001
    with pytest.raises(ScimError) as refused:
        patches.read({"schemas": [patches.PATCH_SCHEMA], "Operations": many})
    assert (refused.value.status, refused.value.kind) == (413, "tooMany")


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["value", "type", "primary", "$ref", "name", "active", "emails", ENTERPRISE]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)
PATHS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(
        [
            *("active", "name", "name.givenName", "emails", "emails.value", "emails.primary"),
            *('emails[type eq "work"]', 'emails[type eq "x"].value', "emails[not (type pr)].value"),
            *(
                ENTERPRISE,
                f"{ENTERPRISE}:manager",
                f"{ENTERPRISE}:manager.value",
                "roles",
                "groups",
            ),
        ]
    ),
)


@given(
    st.lists(st.tuples(st.sampled_from(["add", "Remove", "replace"]), PATHS, VALUES), max_size=4)
)
def test_whatever_is_sent_is_done_or_refused(steps):
    operations = [{"op": name, "path": path, "value": value} for name, path, value in steps]
    document = {"schemas": [patches.PATCH_SCHEMA], "Operations": operations}
    try:
        found = patches.apply(BABS, patches.read(document), user_kind())
    except ScimError as refused:
        status = refused.status
        found = {"id": "1"}
    else:
        status = 400
    assert 400 <= status < 500
    # What comes out is storable, has known names only, and what is read-only is untouched.
    json.dumps(found, allow_nan=False).encode()
    assert "\\u0000" not in json.dumps(found)
    known = {each.name for each in user_kind().own.values()} | {ENTERPRISE}
    assert set(found) <= known
    assert found["id"] == "1"
    assert "groups" not in found
    assert sum(each.get("primary") is True for each in found.get("emails", [])) <= 1
