from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit.ids import ALPHABET, base62, bytes_for


@pytest.mark.parametrize(
    ("data", "length", "expected"),
    [
        (b"", 1, "0"),
        (b"\x00\x3d", 1, "z"),
        (b"\x3e", 2, "10"),
        (b"\x3e", 6, "000010"),
        (b"\xff" * 4, 6, "4gfFC3"),
    ],
)
def test_bytes_become_digits(data, length, expected):
    assert base62(data, length) == expected


@given(st.binary(max_size=64), st.integers(min_value=1, max_value=80))
def test_a_name_has_its_length_and_its_letters_and_stands_for_the_number(data, length):
    name = base62(data, length)
    assert len(name) == length
    assert set(name) <= set(ALPHABET)
    number = 0
    for digit in name:
        number = number * 62 + ALPHABET.index(digit)
    assert number == int.from_bytes(data, "big") % 62**length


@given(st.integers(min_value=1, max_value=200))
def test_there_are_enough_bytes_for_every_name(length):
    assert 256 ** bytes_for(length) >= 62**length * 2**63


def test_a_name_without_digits_is_a_mistake():
    with pytest.raises(ValueError, match="at least one digit"):
        base62(b"x", 0)
