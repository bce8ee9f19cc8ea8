"""Where two redirect URLs differ, and how much of a flood is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.connect.domain import differences, events

REGISTERED = "https://shop.example/callback"
_PATHS = st.text("abcXY/%-._~", max_size=12)
_ADDRESSES = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https", "com.example.app"]),
    st.sampled_from(["shop.example", "shop.example:8443", "www.shop.example", "127.0.0.1"]),
    _PATHS,
)
_ANYTHING = st.one_of(_ADDRESSES, st.text(max_size=30))


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (f"{REGISTERED}/", "slash_added"),
        ("http://shop.example/callback", "http_received"),
        ("https://www.shop.example/callback", "other_host"),
        ("https://shop.example:8443/callback", "other_port"),
        ("https://shop.example/Callback", "letter_case"),
        (f"{REGISTERED}?next=1", "query_added"),
        (f"{REGISTERED}#top", "fragment_added"),
        ("https://shop.example/call-back", "position"),
        ("https://other.example/elsewhere", "position"),
        ("http://127.0.0.1:3000/callback", "other_place"),
        ("http://other.example/elsewhere", "other_place"),
        ("com.example.app:/callback", "other_place"),
        ("http://shop.example/elsewhere", "position"),
    ],
)
def test_a_difference_has_a_name(received, code):
    found = differences.between(received, REGISTERED)
    assert found is not None
    assert found.code == code


def test_the_position_is_the_first_character_that_differs():
    found = differences.between("https://shop.example/call-back", REGISTERED)
    assert found is not None
    assert found.at == len("https://shop.example/call") + 1
    assert (found.received.different, found.registered.different) == ("-", "")


@given(_ANYTHING, _ANYTHING)
def test_the_pieces_are_the_addresses_and_differ_where_it_says(one, two):
    found = differences.between(one, two)
    if one == two:
        assert found is None
        return
    assert found is not None
    for pieces, whole in ((found.received, one), (found.registered, two)):
        assert pieces.before + pieces.different + pieces.after == whole
        assert len(pieces.before) == found.at - 1
    assert found.received.before == found.registered.before
    assert found.received.after == found.registered.after
    assert found.received.different != found.registered.different
    assert found.code in differences.CODES


@given(_ADDRESSES)
def test_the_other_way_round_the_difference_is_the_opposite(address):
    pairs = {
        f"{address}/": ("slash_added", "slash_missing"),
        f"{address}?a=b": ("query_added", "query_missing"),
    }
    for longer, (added, missing) in pairs.items():
        there, back = differences.between(longer, address), differences.between(address, longer)
        assert there is not None
        assert back is not None
        assert (there.code, back.code) == (added, missing)


@given(_ANYTHING, st.lists(_ANYTHING, max_size=5))
def test_the_nearest_is_one_of_them_and_itself_if_it_is_there(received, registered):
    near = differences.nearest(received, tuple(registered))
    assert near in registered or (near == "" and not registered)
    if received in registered:
        assert near == received


def test_a_named_difference_is_nearer_than_a_short_one():
    near = differences.nearest(
        "https://www.shop.example/callback",
        ("https://www.shop.example/callbacks", REGISTERED, "https://wiki.example/callback"),
    )
    assert near == REGISTERED


@given(st.integers(1, events.MOST_COUNTED))
def test_what_a_surplus_row_says_is_true_and_close(surplus):
    written = max(count for count in range(1, surplus + 1) if events.is_written(count))
    assert written <= surplus < 2 * written
    assert surplus > 10 or written == surplus


def test_a_flood_is_written_seldom():
    assert sum(map(events.is_written, range(events.MOST_COUNTED + 1))) == 37


@given(st.text())
def test_what_is_stored_holds_no_control_character_and_is_cut(text):
    kept = events.storable({"a": text * 200, "n": 3})
    assert len(kept["a"]) <= events.LONGEST_TEXT
    assert kept["a"].isprintable() or not any(char < " " for char in kept["a"])
    kept["a"].encode()
    assert kept["n"] == 3
