"""One-time codes and backup codes, as pure rules."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.otp import backup_codes, totp

SEED = b"12345678901234567890"
USUAL = {"period": 30, "digits": 6, "window": 1, "after": -1}


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        # RFC 6238, Appendix B, SHA-1, eight digits.
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_the_rfc(seconds, expected):
    assert totp.code(SEED, totp.step_at(seconds, period=30), digits=8) == expected


HOTP = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"


@pytest.mark.parametrize("expected", list(enumerate(HOTP.split())))
def test_the_vectors_of_rfc_4226_appendix_d(expected):
    step, code = expected
    assert totp.code(SEED, step, digits=6) == code


@given(
    seed=st.binary(min_size=16, max_size=64),
    now=st.integers(300, 2**33),
    away=st.integers(-4, 4),
    window=st.integers(0, 3),
)
def test_only_steps_within_the_window_count(seed, now, away, window):
    code = totp.code(seed, now // 30 + away, digits=6)
    found = totp.matching_step(seed, code, now=now, period=30, digits=6, window=window, after=-1)
    if abs(away) <= window:
        # Two steps may show the same code, so another one may be found.
        assert found is not None
    if found is not None:
        assert abs(found - now // 30) <= window
        assert totp.code(seed, found, digits=6) == code


@given(seed=st.binary(min_size=16, max_size=20), now=st.integers(300, 2**33))
def test_a_used_step_never_counts_again(seed, now):
    present = now // 30
    code = totp.code(seed, present, digits=6)
    found = totp.matching_step(seed, code, now=now, **{**USUAL, "after": present})
    assert found is None or found > present


@pytest.mark.parametrize("typed", ["287 082", "287-082", " 287082 "])
def test_blanks_are_no_part_of_a_code(typed):
    assert totp.matching_step(SEED, typed, now=30, **USUAL) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "abcdef", "२८७०८२", "\0"])
def test_what_is_no_code_matches_nothing(typed):
    assert totp.matching_step(SEED, typed, now=30, **USUAL) is None


def test_the_address_for_apps_says_all_they_need():
    uri = totp.provisioning_uri(
        SEED, issuer="Alp & Host", account="a@b.example", digits=6, period=30
    )
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Alp%20%26%20Host%3Aa@b.example"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Alp & Host"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


@given(st.binary(min_size=10, max_size=10))
def test_a_backup_code_is_known_again_however_it_is_typed(data):
    code = backup_codes.make(data)
    assert len(code) == 11
    assert not set("OIL") & set(code)
    kept = backup_codes.fingerprint(code, account_id="a")
    lookalike = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert backup_codes.fingerprint(lookalike, account_id="a") == kept
    assert backup_codes.fingerprint(code, account_id="b") != kept
