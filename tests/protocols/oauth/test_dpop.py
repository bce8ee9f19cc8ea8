"""Proofs of possession: each member on its own, and what must never pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import dpop
from hospes.protocols.oauth.errors import OAuthError
from support.signing import OTHER, PRIVATE, proof, public, sign

NOW = 1_800_000_000
URL = "https://login.example/token"
RULES = dpop.Rules(seconds=60, skew=30)
KEY = b"k" * 32


def check(text: str, **changes: object) -> dpop.Proof:
    given_ = {"method": "POST", "urls": (URL,), "rules": RULES, "now": NOW, **changes}
    return dpop.check(text, **given_)  # type: ignore[arg-type]


def made(**changes: object) -> str:
    given_ = {"method": "POST", "url": URL, "now": NOW, **changes}
    return proof(**given_)  # type: ignore[arg-type]


@pytest.mark.standard("RFC 9449", "4.3")
@pytest.mark.parametrize("alg", ["PS256", "ES256", "EdDSA"])
def test_a_proof_names_its_key(alg: str) -> None:
    found = check(made(alg=alg, jti="once", nonce="n"))
    thumbprint = PRIVATE[alg].thumbprint()
    assert found == dpop.Proof(thumbprint, "once", "n")
    assert found.bound_to == f"jkt:{thumbprint}"
    assert len(found.bound_to) <= 60


def test_the_proof_of_the_rfc_itself() -> None:
    # RFC 9449 §4.1, figure 1 and 2.
    text = (
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik"
        "VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
        "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
        "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIj"
        "oiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwia"
        "WF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg"
        "4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
    )
    found = check(text, urls=("https://server.example.com/token",), now=1562262616)
    assert found.thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    assert found.jti == "-BwC3ESc6acc2lTc"


@pytest.mark.standard("RFC 9449", "4.3")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"header": {"typ": None}}, "typ"), ({"header": {"typ": "JWT"}}, "typ"),
        ({"header": {"typ": "dpop"}}, "typ"), ({"header": {"typ": 5}}, "typ"),
        ({"alg": "RS256"}, "alg"), ({"alg": "HS256"}, "alg"), ({"alg": "ES384"}, "alg"),
        ({"header": {"jwk": None}}, "no jwk"), ({"header": {"jwk": "x"}}, "no jwk"),
        ({"header": {"jwk": {}}}, "not by its jwk"),
        ({"header": {"jwk": public(OTHER["ES256"])}}, "not by its jwk"),
        ({"header": {"jwk": public(PRIVATE["RS256"])}}, "not by its jwk"),
        ({"header": {"jwk": PRIVATE["ES256"].as_dict(private=True)}}, "not public"),
        ({"header": {"jwk": PRIVATE["HS256"].as_dict(private=True)}}, "not public"),
        ({"header": {"crit": ["exp"]}}, "extension"),
        ({"htm": None}, "htm"), ({"htm": "GET"}, "htm"), ({"htm": "post"}, "htm"),
        ({"htm": 5}, "htm"),
        ({"htu": None}, "htu"), ({"htu": "https://evil.example/token"}, "htu"),
        ({"htu": URL + "/"}, "htu"), ({"htu": URL.replace("https", "http")}, "htu"),
        ({"htu": "https://a@login.example/token"}, "htu"), ({"htu": "/token"}, "htu"),
        ({"htu": "https://login.example:444/token"}, "htu"), ({"htu": [URL]}, "htu"),
        ({"htu": "https://login.example/Token"}, "htu"), ({"htu": "https://[::1"}, "htu"),
        ({"htu": "https://login.example:x/token"}, "htu"), ({"htu": URL + "\n"}, "htu"),
        ({"iat": None}, "iat"), ({"iat": "now"}, "no instant"), ({"iat": True}, "no instant"),
        ({"iat": NOW - 61}, "too old"), ({"iat": NOW + 31}, "ahead"),
        ({"exp": NOW - 30}, "expired"), ({"nbf": NOW + 31}, "nbf"), ({"exp": []}, "no instant"),
        ({"jti": None}, "jti"), ({"jti": ""}, "jti"), ({"jti": 5}, "jti"),
        ({"jti": "x" * 513}, "jti is too long"), ({"nonce": 5}, "nonce"),
        ({"pad": "x" * 9000}, "too long"),
    ],
)  # fmt: skip
def test_each_member_is_held_to(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(OAuthError) as caught:
        check(made(**changes))
    assert caught.value.code == "invalid_dpop_proof"
    assert caught.value.status == 400
    assert reason in caught.value.description


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": NOW - 10}, {"iat": NOW + 10}, {"iat": NOW - 60}, {"iat": NOW + 30},
        {"exp": NOW + 5}, {"nbf": NOW - 5}, {"htu": URL + "?a=b#c"}, {"ath": "whatever"},
        {"htu": "HTTPS://LOGIN.example:443/token"}, {"header": {"typ": "DPoP+JWT"}},
        {"header": {"jwk": {**public(PRIVATE["ES256"]), "kid": "x", "use": "sig", "more": [1]}}},
    ],
)  # fmt: skip
def test_clocks_and_spellings_may_differ(changes: dict[str, object]) -> None:
    assert check(made(**changes)).bound_to == f"jkt:{PRIVATE['ES256'].thumbprint()}"


def test_what_is_no_proof() -> None:
    good = made()
    for text in ("", "x", f"{good},{good}", f"{good} {good}", good[:-1], sign({}, {}, None)):
        with pytest.raises(OAuthError):
            check(text)
    small = {**public(PRIVATE["PS256"]), "n": public(PRIVATE["PS256"])["n"][:168]}
    with pytest.raises(OAuthError, match="RSA key has"):
        check(made(alg="PS256", header={"jwk": small}))


@pytest.mark.standard("RFC 9449", "7.1")
def test_beside_a_token_the_proof_holds_its_hash() -> None:
    assert check(made(token="abc"), access_token="abc")
    for text in (made(), made(token="abd"), made(ath=5), made(ath=""), made(ath="ä")):
        with pytest.raises(OAuthError) as caught:
            check(text, access_token="abc")
        assert "ath" in caught.value.description
    # RFC 9449 §7.1's own example.
    assert (
        dpop.hash_of("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU")
        == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
    )


@pytest.mark.standard("RFC 9449", "8")
def test_a_nonce_is_good_for_its_span_and_the_next() -> None:
    first = dpop.nonce(KEY, now=1200, seconds=120)
    assert dpop.nonce(KEY, now=1319, seconds=120) == first
    assert dpop.nonce(KEY, now=1320, seconds=120) != first
    for now, good in [(1200, True), (1319, True), (1439, True), (1440, False), (1199, False)]:
        assert dpop.is_fresh(first, KEY, now=now, seconds=120) is good
    for text in ("", first[:-1], first + "A", "ä", first.swapcase()):
        assert not dpop.is_fresh(text, KEY, now=1200, seconds=120)
    assert not dpop.is_fresh(first, b"other", now=1200, seconds=120)
    told = dpop.wants_nonce(first)
    assert (told.code, told.status) == ("use_dpop_nonce", 400)
    assert ("DPoP-Nonce", first) in told.answer().headers


@given(
    claims=st.dictionaries(
        st.sampled_from(["htm", "htu", "iat", "jti", "exp", "nbf", "nonce", "ath"]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
            st.sampled_from(["POST", URL, NOW, "j"]),
        ),
    )
)  # fmt: skip
def test_no_claims_pass_but_the_right_ones(claims: dict[str, object]) -> None:
    key = PRIVATE["ES256"]
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": public(key)}
    try:
        found = check(sign(header, claims, key))
    except OAuthError:
        return
    assert (claims["htm"], claims["htu"]) == ("POST", URL)
    assert NOW - 60 <= claims["iat"] <= NOW + 30  # type: ignore[operator]
    assert found.jti == claims["jti"]


@given(text=st.text(max_size=40))
def test_an_address_is_read_or_none(text: str) -> None:
    found = dpop.normalized(text)
    assert dpop.normalized(found) == found
    assert "?" not in found
    assert "#" not in found
