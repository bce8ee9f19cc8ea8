from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit.ids import ALPHABET, base62, bytes_for


@pytest.mark.parametrize(
    ("data", "length", "expected"),
    [
        (b"\x00", 1, "0"),
        (b"\x3d\x3e", 2, "z0"),
        (b"\xf8\x01\xff\x02", 2, "12"),
        (b"\xf7", 1, "z"),
        # Too few fair bytes: those beyond serve after all.
        (b"\xf8\xff", 2, "07"),
    ],
)
def test_bytes_become_digits(data, length, expected):
    assert base62(data, length) == expected


@given(st.binary(min_size=1, max_size=96), st.integers(min_value=1, max_value=96))
def test_a_name_has_its_length_and_its_letters_and_is_the_same_for_the_same_bytes(data, length):
    if length > len(data):
        with pytest.raises(ValueError, match="a byte for each"):
            base62(data, length)
        return
    name = base62(data, length)
    assert len(name) == length
    assert set(name) <= set(ALPHABET)
    assert name == base62(data, length)


def test_no_digit_is_likelier_than_another():
    counted = Counter(base62(bytes(range(256)), 248))
    assert set(counted.values()) == {4}
    assert set(counted) == set(ALPHABET)


@given(st.integers(min_value=1, max_value=200))
def test_there_are_enough_bytes_for_every_name(length):
    # A byte lies beyond with a chance of 8 in 256; half as many again would have to.
    spare = bytes_for(length) - length
    assert spare >= length // 2 + 8


def test_a_name_without_digits_is_a_mistake():
    with pytest.raises(ValueError, match="at least one digit"):
        base62(b"x", 0)
