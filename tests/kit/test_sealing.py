from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit import sealing
from hospes.kit.sealing import CannotOpen, Randomness

KEYS = {"k1": b"1" * 32, "k2": b"2" * 32}
SOME = Randomness(b"d" * 32, b"w" * 12, b"v" * 12)


def sealed(plaintext=b"secret", context="room.column:1", key="k1"):
    return sealing.seal(plaintext, context=context, key_name=key, key=KEYS[key], randomness=SOME)


@given(
    st.binary(max_size=3000),
    st.text(max_size=60).filter(lambda t: t.isprintable()),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=12, max_size=12),
    st.binary(min_size=12, max_size=12),
)
def test_what_is_sealed_opens_again(plaintext, context, data_key, wrap_nonce, value_nonce):
    text = sealing.seal(
        plaintext,
        context=context,
        key_name="k2",
        key=KEYS["k2"],
        randomness=Randomness(data_key, wrap_nonce, value_nonce),
    )
    assert sealing.open_sealed(text, context=context, keys=KEYS) == plaintext
    rewrapped = sealing.rewrap(text, keys=KEYS, key_name="k1", wrap_nonce=b"n" * 12)
    assert sealing.key_name_of(rewrapped) == "k1"
    only_new = {"k1": KEYS["k1"]}
    assert sealing.open_sealed(rewrapped, context=context, keys=only_new) == plaintext
    assert rewrapped.split(".")[3] == text.split(".")[3]


@given(st.data())
def test_a_value_with_any_character_changed_does_not_open(data):
    text = sealed()
    position = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_. =").filter(lambda c: c != text[position]))
    changed = text[:position] + other + text[position + 1 :]
    with pytest.raises(CannotOpen):
        sealing.open_sealed(changed, context="room.column:1", keys=KEYS)


def test_a_value_does_not_open_in_another_row():
    with pytest.raises(CannotOpen, match="belongs elsewhere"):
        sealing.open_sealed(sealed(), context="room.column:2", keys=KEYS)


def test_a_value_whose_key_is_gone_says_which_one():
    with pytest.raises(CannotOpen, match="k1 is not here"):
        sealing.open_sealed(sealed(), context="room.column:1", keys={"k2": KEYS["k2"]})


def test_one_values_key_does_not_open_another_value():
    first = sealed(b"one").split(".")
    second = sealing.seal(
        b"two",
        context="room.column:1",
        key_name="k1",
        key=KEYS["k1"],
        randomness=Randomness(b"e" * 32, b"x" * 12, b"y" * 12),
    ).split(".")
    with pytest.raises(CannotOpen):
        sealing.open_sealed(".".join([*first[:3], second[3]]), context="room.column:1", keys=KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hs1",
        "hs1.k1..",
        "hs1.k1.AAAA.AAAA",
        "hs2.k1.AAAA.AAAA",
        "hs1.K 1.AAAA.AAAA",
        "hs1.k1.AAAA.AAAA.AAAA",
        "hs1.k1.ÄÄÄÄ.AAAA",
        "plain text",
    ],
)
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(CannotOpen):
        sealing.open_sealed(text, context="room.column:1", keys=KEYS)


def test_a_keys_name_cannot_break_the_form():
    with pytest.raises(ValueError, match="a-z"):
        sealing.seal(b"", context="c", key_name="k.1", key=KEYS["k1"], randomness=SOME)
