from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.push import answers

KEY = ec.generate_private_key(ec.SECP256R1())
JWK = answers.jwk_of(KEY.public_key())
STORED = answers.canonical_key(JWK)
TEXT = answers.signed_text(
    issuer="https://my.provider.example", uuid="u", nonce="n", answer=answers.APPROVE, number="47"
)


def test_what_is_signed_is_six_lines() -> None:
    assert TEXT == b"hospes-push-v1\nhttps://my.provider.example\nu\nn\napprove\n47"
    empty = answers.signed_text(issuer="i", uuid="u", nonce="n", answer=answers.REFUSE)
    assert empty == b"hospes-push-v1\ni\nu\nn\nrefuse\n"


def test_the_phones_own_signature_is_accepted() -> None:
    signature = answers.sign(KEY, TEXT)
    assert len(signature) == 86
    assert answers.is_signed(STORED, TEXT, signature)


def test_an_independent_library_signs_the_same() -> None:
    from joserfc import jws
    from joserfc.jwk import ECKey

    # ES256 of a compact JWS is r||s over its own signing input (RFC 7518 §3.4).
    token = jws.serialize_compact({"alg": "ES256"}, b"x", ECKey.import_key(_private_jwk()))
    signed, _, signature = token.rpartition(".")
    assert answers.is_signed(STORED, signed.encode(), signature)
    assert not answers.is_signed(STORED, signed.encode() + b"x", signature)


def _private_jwk() -> dict[str, str]:
    value = KEY.private_numbers().private_value.to_bytes(32, "big")
    return {**JWK, "d": answers.encoded(value)}


def test_a_signature_of_another_text_or_key_is_none() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    assert not answers.is_signed(STORED, TEXT, answers.sign(other, TEXT))
    refusal = TEXT.replace(b"approve", b"refuse")
    assert not answers.is_signed(STORED, refusal, answers.sign(KEY, TEXT))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[:-1],
        lambda s: s + "A",
        lambda s: s + "==",
        lambda _s: "",
        lambda _s: "A" * 86,
        lambda s: s.replace(s[0], "é", 1),
        lambda s: s[:-1] + ("B" if s[-1] != "B" else "C"),
    ],
)
def test_a_changed_signature_is_none(change: Any) -> None:
    assert not answers.is_signed(STORED, TEXT, change(answers.sign(KEY, TEXT)))


@given(st.text(max_size=120))
def test_whatever_stands_for_a_signature_raises_nothing(text: str) -> None:
    assert not answers.is_signed(STORED, TEXT, text)


def test_only_what_makes_the_key_up_is_kept() -> None:
    kept = json.loads(answers.canonical_key({**JWK, "kid": "x", "ext": True, "key_ops": []}))
    assert kept == JWK


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        "key",
        {},
        _private_jwk(),
        {**JWK, "kty": "OKP"},
        {**JWK, "crv": "P-384"},
        {**JWK, "x": JWK["x"][:-1]},
        {**JWK, "x": JWK["x"] + "="},
        {**JWK, "x": None},
        {**JWK, "y": JWK["x"]},
        {**JWK, "x": "A" * 43, "y": "A" * 43},
        {**JWK, "x": 5},
    ],
)
def test_what_is_no_public_key_on_the_curve_is_refused(jwk: object) -> None:
    with pytest.raises(answers.NotAKey):
        answers.canonical_key(jwk)
