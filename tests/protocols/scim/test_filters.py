from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.scim import filters, matching
from hospes.protocols.scim.errors import ScimError
from hospes.protocols.scim.schemas import ENTERPRISE, USER, group_kind, kinds, user_kind

BABS = {
    "id": "2819",
    "externalId": "bjensen",
    "userName": "bjensen@example.com",
    "active": True,
    "title": "Tour Guide",
    "name": {"familyName": "Jensen", "givenName": "Barbara"},
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.example", "type": "home"},
    ],
    "meta": {"resourceType": "User", "lastModified": "2011-05-13T04:42:34Z"},
    ENTERPRISE: {"employeeNumber": "701984", "department": "Tours"},
}


def meant(text, resource=BABS, kind=None):
    kind = kind or user_kind()
    node = filters.parse(text)
    matching.check(node, [kind])
    return matching.matches(node, resource, kind)


# The examples of RFC 7644 §3.4.2.2, and the fine print around them.
@pytest.mark.parametrize(
    "text",
    [
        'userName Eq "BJensen@example.com"',
        'USERNAME eq "bjensen@example.com"',
        'name.familyName co "ens"',
        'name.familyName co "EN"',
        'userName sw "BJ"',
        f'{USER}:userName sw "bj"',
        f'{USER.upper()}:name.givenName eq "barbara"',
        f'{ENTERPRISE}:department eq "tours"',
        f"{ENTERPRISE}:employeeNumber pr",
        f"{ENTERPRISE} pr",
        "title pr",
        "title PR and active eq true",
        'active eq "True"',
        'meta.lastModified gt "2011-05-13T04:42:34+02:00"',
        'meta.lastModified ge "2011-05-13T04:42:34Z"',
        'meta.lastModified le "2011-05-13T06:42:34+02:00"',
        'meta.lastModified lt "2012-01-01T00:00:00"',
        'title pr and userType eq "Employee" or active eq true',
        'emails co "jensen.example"',
        'emails eq "BABS@jensen.example"',
        'emails.type eq "home"',
        'emails[type eq "work" and value co "@example.com"]',
        'emails[type eq "home" and not (primary eq true)]',
        'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]',
        'userType ne "Employee" and not (emails co "example.org")',
        "nickName eq null",
        "title ne null",
        'title gt "Tour"',
        'externalId eq "bjensen"',
        "not (nickName pr)",
        "( ( title pr ) )",
        'userName ew ".com"',
        'userName eq "\\u0062jensen@example.com"',
    ],
)
def test_a_filter_means(text):
    assert meant(text)


@pytest.mark.parametrize(
    "text",
    [
        'externalId eq "BJENSEN"',
        'emails[type eq "home" and value co "@example.com"]',
        'emails[type eq "home" and primary eq true]',
        "nickName pr",
        'title pr and userType eq "Employee"',
        'title gt "Tour Guides"',
        'meta.lastModified gt "2011-05-13T04:42:34Z"',
        "title eq 7",
        "title gt 7",
        "active eq false",
        "title eq null",
        f'{ENTERPRISE}:division sw "a"',
        'not (title pr) or nickName eq "b"',
        'userName eq "bjensen@example.com" and not (active eq true)',
    ],
)
def test_a_filter_does_not_mean(text):
    assert not meant(text)


def test_and_binds_stronger_than_or():
    assert filters.parse("a pr or b pr and c pr") == filters.Or(
        (
            filters.Present(filters.Path("", "a")),
            filters.And(
                (
                    filters.Present(filters.Path("", "b")),
                    filters.Present(filters.Path("", "c")),
                )
            ),
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "userName",
        "userName eq",
        "userName eq bjensen",
        'userName is "b"',
        'userName eq "b',
        'userName eq "b" "c"',
        'userName eq "b" and',
        'and eq "b"',
        'or userName eq "b"',
        "(title pr",
        "title pr)",
        'emails[type eq "work"',
        "emails[]",
        'emails[type eq "work"].value eq "x"',
        'emails[value[type eq "x"]]',
        'not title pr or userName eq "a"',
        'userName eq "a\\q"',
        'userName eq "\\ud800"',
        'userName eq "\\u0000"',
        "userName eq 'b'",
        'userName eq "a" ; drop',
        "title eq 01",
        "a" * 5000 + " pr",
        "(" * 200 + "title pr" + ")" * 200,
        " and ".join(["title pr"] * 101),
        "not (" * 40 + "title pr" + ")" * 40,
    ],
)
def test_what_is_no_filter_is_refused(text):
    with pytest.raises(ScimError) as refused:
        meant(text)
    assert refused.value.kind == "invalidFilter"
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "text",
    [
        'favouriteColour eq "red"',
        'name.middle eq "x"',
        'emails[colour eq "x"]',
        'title[type eq "x"]',
        'urn:example:2.0:Plant:height eq "x"',
        "active gt true",
        'active co "tr"',
        'name eq "Jensen"',
        "title co 7",
        "title gt null",
        "title ge true",
        'x509Certificates.value gt "a"',
        "password pr",
    ],
)
def test_what_does_not_suit_its_attribute_is_refused(text):
    with pytest.raises(ScimError) as refused:
        meant(text)
    assert refused.value.kind == "invalidFilter"


def test_over_several_types_an_attribute_that_one_lacks_has_no_value():
    node = filters.parse('userName sw "b"')
    matching.check(node, kinds())

    assert matching.matches(node, BABS, user_kind())
    assert not matching.matches(node, {"displayName": "b"}, group_kind())
    with pytest.raises(ScimError):
        matching.check(node, [group_kind()])


def test_members_are_chosen_with_case():
    group = {"displayName": "Tours", "members": [{"value": "aB"}]}

    assert meant('members.value eq "aB"', group, group_kind())
    assert meant('members[value eq "aB"]', group, group_kind())
    assert meant('members eq "aB"', group, group_kind())
    assert not meant('members[value eq "ab"]', group, group_kind())


WORDS = st.sampled_from(
    [
        *("userName", "name.givenName", "emails", "active", "meta.created", "urn:a:b:c", "$ref"),
        *("eq", "ne", "co", "gt", "pr", "and", "or", "not", "(", ")", "[", "]", "not (", "."),
        *('"x"', '"\\u0041"', '"', "1", "-2.5e3", "true", "null", "\0", "\ud800", "İ", " "),
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=40).map(" ".join)))
def test_whatever_is_sent_is_read_or_refused(text):
    try:
        node = filters.parse(text)
        matching.check(node, kinds())
    except ScimError as refused:
        fault = refused
    else:
        assert isinstance(matching.matches(node, BABS, user_kind()), bool)
        assert isinstance(matching.matches(node, {}, group_kind()), bool)
        return
    assert (fault.kind, fault.document()["status"]) == ("invalidFilter", "400")


NODES = st.recursive(
    st.sampled_from(["title pr", "active eq true", 'userName co "zz"', "nickName pr"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            "({0[0]}) {0[1]} ({0[2]})".format
        ),
        inner.map("not ({})".format),
    ),
    max_leaves=6,
)


@given(NODES)
def test_not_means_the_others(text):
    try:
        filters.parse(f"not ({text})")
    except ScimError:
        return
    assert meant(text) is not meant(f"not ({text})")
