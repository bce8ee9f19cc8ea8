from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit import application_passwords as form
from hospes.kit.api_tokens import make as make_token
from hospes.kit.ids import base62

chance = st.binary(min_size=form.RANDOM_BYTES, max_size=form.RANDOM_BYTES).filter(
    lambda data: sum(byte < 248 for byte in data) >= form.LENGTH
)
SEPARATORS = [" ", "-", "\u00a0", "\u2011", "\u2013", "\u3000"]


def test_it_holds_more_than_95_bits_and_no_lookalikes() -> None:
    assert math.log2(len(set(form.ALPHABET))) * form.LENGTH > 95
    assert not set("01ilo") & set(form.ALPHABET)
    assert form.ALPHABET.islower()


@given(chance)
def test_what_is_made_is_read_as_it_is_shown(data: bytes) -> None:
    password = form.make(data)
    assert form.read(password) == password
    assert form.read(form.shown(password)) == password
    assert [len(group) for group in form.shown(password).split("-")] == [4] * 5


@given(chance, st.data())
def test_case_and_separators_do_not_count(data: bytes, draw: st.DataObject) -> None:
    password = form.make(data)
    typed = "".join(
        draw.draw(st.sampled_from([each, each.upper()]))
        + draw.draw(st.sampled_from(["", *SEPARATORS]))
        for each in password
    )
    expected = password if len(typed) <= form.LONGEST_TYPED else ""
    assert form.read(typed) == expected


@given(chance, st.integers(0, form.LENGTH - 1), st.sampled_from("01iloILO\u212a\u017f_.é"))
def test_one_sign_that_is_none_is_found(data: bytes, place: int, sign: str) -> None:
    password = form.make(data)
    assert form.read(password[:place] + sign + password[place + 1 :]) == ""
    assert form.read(password + "a") == ""
    assert form.read(password[1:]) == ""


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    found = form.read(text)
    assert found == "" or form.read(found) == found


@given(st.binary(min_size=80, max_size=80))
def test_no_token_reads_like_one(data: bytes) -> None:
    assert form.read(base62(data, 43)) == ""
    assert form.read("hsp_at_" + base62(data, 43)) == ""
    assert form.read(make_token(data)) == ""


def test_every_sign_is_as_likely_as_another() -> None:
    once = [byte for byte in range(256) if byte < 248]
    signs = "".join(
        form.make(bytes(once[start : start + form.LENGTH])) for start in range(0, 240, form.LENGTH)
    )
    counts = {sign: signs.count(sign) for sign in form.ALPHABET}
    assert max(counts.values()) - min(counts.values()) <= 1
    with pytest.raises(ValueError, match="too few"):
        form.make(bytes([255] * form.RANDOM_BYTES))
