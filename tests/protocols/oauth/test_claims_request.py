from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from hospes.protocols.oauth import scopes
from hospes.protocols.oauth.claims_request import (
    MAXIMUM_DEPTH,
    MAXIMUM_LENGTH,
    SECTIONS,
    Asked,
    ClaimsRequest,
    Told,
    UnreadableError,
    acr_met,
    id_token_claims,
    read,
    stored,
)

ADA = scopes.Person("ada-1", name="Ada Lovelace", email="ada@customer.example", locale="fr")
# OpenID Connect Core §5.5.
EXAMPLE = """
  {
   "userinfo":
    {
     "given_name": {"essential": true},
     "nickname": null,
     "email": {"essential": true},
     "email_verified": {"essential": true},
     "picture": null,
     "http://example.info/claims/groups": null
    },
   "id_token":
    {
     "auth_time": {"essential": true},
     "acr": {"values": ["urn:mace:incommon:iap:silver"] }
    }
  }
"""


def test_the_standards_own_example() -> None:
    request = read(EXAMPLE)
    assert request.userinfo == (
        Asked("email", essential=True),
        Asked("email_verified", essential=True),
        Asked("given_name", essential=True),
        Asked("picture"),
    )
    assert request.id_token == (
        Asked("acr", values=("urn:mace:incommon:iap:silver",)),
        Asked("auth_time", essential=True),
    )
    assert request.scopes == ("profile", "email")
    assert request.acr == (), "it is not essential"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", ""),
        ('{"userinfo":{}}', ""),
        ('{"verified_claims":{"a":[1]},"userinfo":{"shoe_size":{"essential":true}}}', ""),
        ('{"userinfo":{"acr":null,"auth_time":null}}', ""),
        ('{"userinfo":{"name#fr":null}}', ""),
        ('{"userinfo":{"name":{}}}', '{"userinfo":{"name":null}}'),
        ('{"userinfo":{"name":{"essential":false,"other":[]}}}', '{"userinfo":{"name":null}}'),
        ('{"userinfo":{"name":{"value":7}}}', '{"userinfo":{"name":null}}'),
        (
            '{"id_token":{"sub":{"value":"ada"},"acr":{"values":["2","1","2"],"essential":true}}}',
            '{"id_token":{"acr":{"essential":true,"values":["2","1"]},"sub":{"values":["ada"]}}}',
        ),
        (
            '{"id_token":{"sub":{"value":"\\u0000\\ud800é"}}}',
            '{"id_token":{"sub":{"values":["\\u0000\\ud800\\u00e9"]}}}',
        ),
    ],
)
def test_what_is_known_is_kept_in_one_form(text: str, told: str) -> None:
    request = read(text)
    assert request.text == told
    assert told.isascii()
    assert read(told or "{}") == request


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["not JSON"]),
        ("{", ["not JSON"]),
        ("{} {}", ["not JSON"]),
        ("[]", ["must be a JSON object"]),
        ("null", ["must be a JSON object"]),
        ('{"userinfo":{"name":{"value":NaN}}}', ["not JSON"]),
        ('{"userinfo":{"name":{"value":-Infinity}}}', ["not JSON"]),
        ('{"userinfo":null}', ["claims.userinfo must be an object"]),
        ('{"userinfo":{},"userinfo":{}}', ["names a member twice"]),
        ('{"userinfo":{"name":null,"name":null}}', ["names a member twice"]),
        ('{"userinfo":{"name":{"essential":true,"essential":true}}}', ["names a member twice"]),
        ('{"userinfo":{"shoe_size":7}}', ["every claim in claims.userinfo"]),
        ('{"id_token":{"name":true}}', ["every claim in claims.id_token"]),
        ('{"id_token":{"name":{"essential":"true"}}}', ["name.essential must be"]),
        ('{"id_token":{"name":{"values":"a"}}}', ["name.values must be a list"]),
        ('{"id_token":{"name":{"values":[]}}}', ["name.values must be a list"]),
        ('{"id_token":{"name":{"value":"a","values":["a"]}}}', ["both value and values"]),
        ('{"id_token":{"acr":{"value":2}}}', ["acr can only have texts"]),
        ('{"id_token":{"sub":{"values":["a",null]}}}', ["sub can only have texts"]),
        ('{"id_token":{"sub":{"value":""}}}', ["sub can only have texts"]),
        ('{"userinfo":[],"id_token":[]}', ["claims.userinfo must", "claims.id_token must"]),
        (
            '{"id_token":{"acr":{"essential":1,"value":2},"name":{"values":{}}}}',
            ["acr.essential", "acr can only", "name.values"],
        ),
        (" " * MAXIMUM_LENGTH + "{}", ["longer than 4000"]),
        ("[" * MAXIMUM_LENGTH, ["nested deeper"]),
        ('{"a":' * (MAXIMUM_DEPTH + 1) + "1" + "}" * (MAXIMUM_DEPTH + 1), ["nested deeper"]),
    ],
)
def test_what_is_no_request_is_refused_and_every_fault_told(text: str, words: list[str]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert len(caught.value.faults) == len(words)
    for fault, word in zip(sorted(caught.value.faults), sorted(words), strict=True):
        assert word in fault


def test_brackets_in_a_text_nest_nothing() -> None:
    text = json.dumps({"userinfo": {"name": {"value": '"[{' * 20 + "\\"}}})
    assert read(text).userinfo == (Asked("name"),)


def test_a_person_is_meant_where_no_value_says_otherwise() -> None:
    assert read('{"id_token":{"sub":null}}').means("ada")
    one = read('{"id_token":{"sub":{"value":"ada"}}}')
    assert one.means("ada")
    assert not one.means("bob")
    both = read('{"id_token":{"sub":{"values":["ada","bob"]}},"userinfo":{"sub":{"value":"bob"}}}')
    assert both.means("bob")
    assert not both.means("ada")


@pytest.mark.parametrize(
    ("demanded", "actual", "met"),
    [
        (("1",), "1", "1"),
        (("2",), "1", ""),
        (("2",), "2", "2"),
        (("1",), "2", "1"),
        (("1", "2"), "2", "2"),
        (("2", "1"), "1", "1"),
        (("urn:gold",), "2", ""),
        (("urn:gold", "0", ""), "2", ""),
        ((), "2", ""),
    ],
)
def test_two_factors_are_also_one(demanded: tuple[str, ...], actual: str, met: str) -> None:
    assert acr_met(demanded, actual) == met


def test_what_a_stored_request_adds() -> None:
    request = read(
        '{"id_token":{"sub":{"value":"ada-1"},"auth_time":null,"email":null,"phone_number":null,'
        '"acr":{"essential":true,"values":["1"]}},"userinfo":{"sub":null,"locale":null}}'
    )
    told = stored(request.text)
    assert told == Told(("email", "phone_number"), ("locale", "sub"), ("1",))
    assert id_token_claims(told, ADA, actual_acr="2") == {
        "email": "ada@customer.example", "acr": "1",
    }  # fmt: skip
    assert id_token_claims(told, None, actual_acr="2") == {"acr": "1"}
    assert stored('{"id_token":{"acr":{"values":["1"]}}}').acr == ()
    assert stored('{"id_token":{"acr":null}}') == Told()


members: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["essential", "value", "values", "x"]) | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
names = st.sampled_from(sorted(SECTIONS["id_token"])) | st.text(max_size=5)
requests = st.dictionaries(
    st.sampled_from(["userinfo", "id_token"]), st.dictionaries(names, members, max_size=4) | members
)


@given(requests.map(json.dumps) | st.text() | st.text(alphabet='{}[]":, \\ntrue1'))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    faults: tuple[str, ...] = ()
    try:
        request = read(text)
    except UnreadableError as error:
        faults, request = error.faults, ClaimsRequest()
        event("refused")
    # They go into error_description (RFC 6749 §4.1.2.1).
    assert all(" " <= char <= "~" and char not in '"\\' for fault in faults for char in fault)
    assert request.text.isascii()
    assert "\0" not in request.text
    assert read(request.text or "{}") == request
    if request != ClaimsRequest():
        told = stored(request.text)
        assert set(told.id_token) <= {each.name for each in request.id_token}
        assert set(told.userinfo) == {each.name for each in request.userinfo}
        assert told.acr == request.acr
