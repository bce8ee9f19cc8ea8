from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.api.domain.tokens import Draft, faults_of, split_networks, tidy
from hospes.kit import api_tokens
from hospes.kit.api_token_states import Times, admits, state

chance = st.binary(min_size=api_tokens.RANDOM_BYTES, max_size=api_tokens.RANDOM_BYTES)


@given(chance)
def test_what_is_made_is_genuine(data: bytes) -> None:
    token = api_tokens.make(data)
    assert len(token) == api_tokens.LENGTH
    assert api_tokens.is_genuine(token)


@given(chance, st.integers(8, api_tokens.LENGTH - 1), st.sampled_from("0aZ"))
def test_one_wrong_letter_is_found(data: bytes, place: int, letter: str) -> None:
    token = api_tokens.make(data)
    changed = token[:place] + letter + token[place + 1 :]
    assert api_tokens.is_genuine(changed) is (changed == token)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert api_tokens.is_genuine(text) is False
    assert len(api_tokens.hash_of(text)) == 64


def test_the_checksum_is_the_published_one() -> None:
    # CRC-32 of "123456789" is 0xCBF43926 (the standard's check value).
    number = 0
    for letter in api_tokens.checksum("123456789"):
        number = number * 62 + api_tokens.ALPHABET.index(letter)
    assert number == 0xCBF43926


@pytest.mark.parametrize(
    ("networks", "address", "let_in"),
    [
        ("192.0.2.0/24", "192.0.2.9", True),
        ("192.0.2.0/24", "::ffff:192.0.2.9", True),
        ("192.0.2.0/24", "2001:db8::1", False),
        ("2001:db8::/32", "2001:db8::1", True),
        ("2001:db8::/32", "", False),
        ("", "", True),
    ],
)
def test_networks(networks: str, address: str, let_in: bool) -> None:
    assert admits(networks, address) is let_in


@given(st.text(max_size=80))
def test_any_network_is_judged(text: str) -> None:
    draft = tidy(Draft("x", ("a",), split_networks(text)))
    faults = faults_of(draft, known_scopes={"a"}, now=0)
    if not faults:
        admits(" ".join(draft.networks), "192.0.2.1")


def test_the_last_second() -> None:
    times = Times(created_at=0, expires_at=100)
    assert state(times, now=99, unused_days=1) == "active"
    assert state(times, now=100, unused_days=1) == "expired"
    assert state(Times(0), now=86399, unused_days=1) == "active"
    assert state(Times(0), now=86400, unused_days=1) == "inactive"
