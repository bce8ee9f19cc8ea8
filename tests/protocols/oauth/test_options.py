"""What an application says of itself is kept as it was said."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.options import NONE, ClientOptions, read, write

TEXT = st.text(max_size=30)
STRATEGIES = {
    str: TEXT,
    bool: st.booleans(),
    tuple: st.lists(TEXT, max_size=3).map(tuple),
    type(None): st.none() | st.integers(min_value=0),
}
CHOICES = {
    "profile": st.sampled_from(["default", "oauth21", "fapi2"]),
    "subject_type": st.sampled_from(["public", "pairwise"]),
    "access_token_format": st.sampled_from(["opaque", "jwt"]),
}
OPTIONS = st.builds(
    ClientOptions,
    **{
        each.name: CHOICES.get(each.name, STRATEGIES[type(each.default)])
        for each in fields(ClientOptions)
    },
)


@given(OPTIONS)
def test_what_is_written_is_read_again(options: ClientOptions) -> None:
    assert read(write(options)) == options


def test_nothing_said_takes_no_room() -> None:
    assert write(NONE) == ""
    assert read("") is NONE


def test_defaults_are_not_written() -> None:
    assert write(ClientOptions(jwks_uri="https://a.example/keys")) == (
        '{"jwks_uri":"https://a.example/keys"}'
    )


def test_a_name_of_a_later_version_is_passed_over() -> None:
    assert read('{"profile":"fapi2","from_the_future":1}') == ClientOptions(profile="fapi2")
