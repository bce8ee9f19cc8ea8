from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import pkce

# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_rfc_example_holds() -> None:
    assert pkce.challenge_of(VERIFIER) == CHALLENGE
    assert pkce.proves(VERIFIER, CHALLENGE)


@pytest.mark.parametrize(
    ("verifier", "well_formed"),
    [
        ("a" * 42, False),
        ("a" * 43, True),
        ("a" * 128, True),
        ("a" * 129, False),
        ("-._~" + "a" * 39, True),
        ("+" + "a" * 42, False),
        ("é" + "a" * 42, False),
        ("a" * 43 + "\n", False),
        ("", False),
    ],
)
def test_a_verifier_has_43_to_128_unreserved_characters(
    verifier: str, *, well_formed: bool
) -> None:
    assert pkce.well_formed(verifier) is well_formed
    assert pkce.proves(verifier, pkce.challenge_of(verifier)) is well_formed


@given(st.text(), st.text())
def test_nothing_else_proves_a_challenge(verifier: str, challenge: str) -> None:
    assert not pkce.proves(VERIFIER, challenge) or challenge == CHALLENGE
    assert not pkce.proves(verifier, CHALLENGE) or verifier == VERIFIER


@given(challenge=st.text(), method=st.text(), required=st.booleans())
def test_a_challenge_is_accepted_only_as_s256(
    challenge: str, method: str, *, required: bool
) -> None:
    fault = pkce.challenge_fault(challenge, method, required=required)
    if not fault:
        assert (method == "S256" and len(challenge) == 43) or (
            not challenge and not method and not required
        )
