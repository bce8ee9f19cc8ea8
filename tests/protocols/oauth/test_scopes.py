from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.scopes import Person, claims, known

ADA = Person(
    subject="u-1",
    name="Ada Lovelace",
    given_name="Ada",
    family_name="Lovelace",
    picture="https://login.example/p",
    locale="fr",
    zoneinfo="Europe/Zurich",
    updated_at=1000,
    email="ada@example.org",
    email_verified=True,
    phone_number="+41220000000",
    groups=("support",),
)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("openid", {"sub": "u-1"}),
        ("", {"sub": "u-1"}),
        ("openid email", {"sub": "u-1", "email": "ada@example.org", "email_verified": True}),
        (
            "openid phone",
            {"sub": "u-1", "phone_number": "+41220000000", "phone_number_verified": False},
        ),
        ("openid groups", {"sub": "u-1", "groups": ["support"]}),
        ("openid offline_access", {"sub": "u-1"}),
        (
            "openid profile",
            {
                "sub": "u-1",
                "name": "Ada Lovelace",
                "given_name": "Ada",
                "family_name": "Lovelace",
                "picture": "https://login.example/p",
                "locale": "fr",
                "zoneinfo": "Europe/Zurich",
                "updated_at": 1000,
            },
        ),
    ],
)
def test_each_scope_opens_its_claims(scope: str, expected: dict[str, object]) -> None:
    assert claims(scope, ADA) == expected


def test_what_is_not_known_is_not_told() -> None:
    assert claims("openid profile email phone", Person("u-1", name="Ada")) == {
        "sub": "u-1",
        "name": "Ada",
    }


def test_no_teams_is_an_empty_list() -> None:
    assert claims("openid groups", Person("u-1")) == {"sub": "u-1", "groups": []}


def test_an_address_nobody_confirmed_is_told_as_unverified() -> None:
    told = claims("email", Person("u-1", email="a@example.org"))
    assert told == {"sub": "u-1", "email": "a@example.org", "email_verified": False}


@given(st.text())
def test_only_supported_scopes_are_known_once_each_in_our_order(scope: str) -> None:
    found = known(scope)
    assert found == known(" ".join(found))
    assert set(found) <= set(scope.split(" "))
