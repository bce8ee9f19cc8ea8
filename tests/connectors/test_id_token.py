"""The WordPress module believes no ID token that it should not (tables of cases, in PHP)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.wordpress import MODULE
from tools import wordpress

NOW = 1_790_000_000
ISSUER, CLIENT, NONCE, ACCESS = "https://my.provider.example", "client-1", "n-1", "hsp_at_1"
EXPECTED = {"issuer": ISSUER, "client_id": CLIENT, "nonce": NONCE, "access_token": ACCESS}
AT_HASH = base64.urlsafe_b64encode(hashlib.sha256(ACCESS.encode()).digest()[:16]).decode()[:-2]
CLAIMS = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "s-1",
    "exp": NOW + 3600,
    "iat": NOW,
    "nonce": NONCE,
    "at_hash": AT_HASH,
}


def b64(data: bytes | dict | list) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int, length: int = 0) -> str:
    return b64(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


@cache
def rsa_key(bits: int = 2048, which: int = 0) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def jwk(key, kid: str, **changes) -> dict:
    public = key.public_key().public_numbers()
    if isinstance(public, rsa.RSAPublicNumbers):
        made = {"kty": "RSA", "alg": "RS256", "n": number(public.n), "e": number(public.e)}
    else:
        made = {"kty": "EC", "crv": "P-256", "alg": "ES256"}
        made |= {"x": number(public.x, 32), "y": number(public.y, 32)}
    return {**made, "kid": kid, "use": "sig", **changes}


def signature(signed: bytes, key) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(claims: dict | None = None, key=None, *, header: dict | None = None, drop=()) -> str:
    key = key or rsa_key()
    alg = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    head = {"alg": alg, "kid": "rsa" if alg == "RS256" else "ec", **(header or {})}
    body = {k: v for k, v in {**CLAIMS, **(claims or {})}.items() if k not in drop}
    signed = f"{b64({k: v for k, v in head.items() if v is not None})}.{b64(body)}"
    return f"{signed}.{b64(signature(signed.encode(), key))}"


def keys() -> list[dict]:
    return [jwk(rsa_key(), "rsa"), jwk(ec_key(), "ec"), {"kty": "OKP", "kid": "ed", "x": "AA"}]


def verdicts(cases: list[dict]) -> list[dict]:
    php = wordpress.program("php")
    assert php, wordpress.MISSING
    given_ = [{"keys": keys(), "expected": EXPECTED, "now": NOW, **case} for case in cases]
    done = subprocess.run(
        [php, Path(__file__).with_name("verify.php"), MODULE],
        input=json.dumps(given_),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return list(json.loads(done.stdout))


def verdict(text: str, **case) -> dict:
    return verdicts([{"token": text, **case}])[0]


@pytest.mark.parametrize("key", [rsa_key, ec_key])
def test_a_right_token_is_believed(key):
    assert verdict(token(key=key())) == {"sub": "s-1"}


def test_what_is_allowed():
    fine = [
        token({"aud": [CLIENT]}),
        token({"aud": [CLIENT, "other"], "azp": CLIENT}),
        token(drop=["at_hash"]),
        token({"exp": NOW - 59, "iat": NOW - 300}),
        token({"iat": NOW + 59}),
        token(header={"kid": None}),
        token(header={"typ": "JWT"}),
    ]
    assert verdicts([{"token": text} for text in fine]) == [{"sub": "s-1"}] * len(fine)
    # A large modulus, many signatures (leading zeros in r and s), and a key without "alg".
    big = rsa_key(4096)
    assert verdict(token(key=big), keys=[jwk(big, "rsa")]) == {"sub": "s-1"}
    bare = {k: v for k, v in jwk(rsa_key(), "rsa").items() if k not in {"alg", "use"}}
    assert verdict(token(), keys=[bare]) == {"sub": "s-1"}
    many = [{"token": token({"jti": str(n)}, ec_key())} for n in range(400)]
    assert verdicts(many) == [{"sub": "s-1"}] * 400


def hs256_with_the_public_key() -> str:
    pem = (
        rsa_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    signed = f"{b64({'alg': 'HS256', 'kid': 'rsa'})}.{b64(CLAIMS)}"
    return f"{signed}.{b64(hmac.digest(pem, signed.encode(), 'sha256'))}"


def with_signature(replacement: bytes, text: str | None = None) -> str:
    return (text or token()).rpartition(".")[0] + "." + b64(replacement)


def with_claims(**claims) -> str:
    head, _, tail = token().split(".")
    return f"{head}.{b64({**CLAIMS, **claims})}.{tail}"


def der_instead_of_raw() -> str:
    signed = token(key=ec_key()).rpartition(".")[0]
    return with_signature(ec_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())), f"{signed}.x")


def with_a_bit_behind_the_end() -> str:
    text = token()  # 256 bytes leave four unused bits in the last letter
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[letters.index(text[-1]) | 1]


REFUSED = {
    "expired": (lambda: token({"exp": NOW - 60}), "has expired"),
    "not yet": (lambda: token({"iat": NOW + 61}), "not valid yet (iat)"),
    "not before": (lambda: token({"nbf": NOW + 61}), "not valid yet (nbf)"),
    "old": (lambda: token({"iat": NOW - 601}), "too long ago"),
    "no exp": (lambda: token(drop=["exp"]), "when (exp)"),
    "exp in words": (lambda: token({"exp": "never"}), "when (exp)"),
    "no iat": (lambda: token(drop=["iat"]), "when (iat)"),
    "wrong aud": (lambda: token({"aud": "client-2"}), "another application"),
    "aud holds it": (lambda: token({"aud": f"{CLIENT} x"}), "another application"),
    "no aud": (lambda: token(drop=["aud"]), "another application"),
    "aud true": (lambda: token({"aud": True}), "another application"),
    "aud list of true": (lambda: token({"aud": [True]}), "another application"),
    "several, no azp": (lambda: token({"aud": [CLIENT, "client-2"]}), "(azp)"),
    "another azp": (lambda: token({"azp": "client-2"}), "(azp)"),
    "wrong iss": (lambda: token({"iss": ISSUER + "/"}), "another issuer"),
    "no iss": (lambda: token(drop=["iss"]), "another issuer"),
    "iss true": (lambda: token({"iss": True}), "another issuer"),
    "no nonce": (lambda: token(drop=["nonce"]), "(nonce)"),
    "wrong nonce": (lambda: token({"nonce": "n-2"}), "(nonce)"),
    "nonce true": (lambda: token({"nonce": True}), "(nonce)"),
    "no sub": (lambda: token(drop=["sub"]), "who signed in"),
    "sub a number": (lambda: token({"sub": 7}), "who signed in"),
    "empty sub": (lambda: token({"sub": ""}), "who signed in"),
    "wrong at_hash": (lambda: token({"at_hash": "x" * 22}), "(at_hash)"),
    "at_hash null": (lambda: token({"at_hash": None}), "(at_hash)"),
    "none": (lambda: f"{b64({'alg': 'none'})}.{b64(CLAIMS)}.", "damaged"),
    "none, signed": (lambda: f"{b64({'alg': 'none'})}.{b64(CLAIMS)}.AAAA", "RS256 or ES256"),
    "None, in capitals": (lambda: f"{b64({'alg': 'NONE'})}.{b64(CLAIMS)}.AAAA", "RS256 or ES256"),
    "HS256 with the public key": (hs256_with_the_public_key, "RS256 or ES256"),
    "no alg": (lambda: token(header={"alg": None}), "RS256 or ES256"),
    "alg a list": (lambda: token(header={"alg": ["RS256"]}), "RS256 or ES256"),
    "crit": (lambda: token(header={"crit": ["b64"], "b64": False}), "extension"),
    "changed claims": (lambda: with_claims(sub="s-2"), "signature that is wrong"),
    "another key": (lambda: token(key=rsa_key(2048, 1)), "signature that is wrong"),
    "no signature": (lambda: token().rpartition(".")[0] + ".", "damaged"),
    "short signature": (lambda: with_signature(b"\x01"), "signature that is wrong"),
    "a bit behind the end": (with_a_bit_behind_the_end, "damaged"),
    "zeros for r and s": (
        lambda: with_signature(bytes(64), token(key=ec_key())),
        "signature that is wrong",
    ),
    "DER for r and s": (der_instead_of_raw, "signature that is wrong"),
    "padding": (lambda: token() + "=", "damaged"),
    "four parts": (lambda: token() + ".x", "not a signed token"),
    "nothing": (lambda: "", "not a signed token"),
    "claims a list": (lambda: f"{token().split('.')[0]}.{b64([])}.AAAA", ""),
    "huge": (lambda: token({"x": "y" * 17_000}), "not a signed token"),
    "deep": (
        lambda: f"{token().split('.')[0]}.{b64(b'[' * 40 + b']' * 40)}.AAAA",
        "damaged",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_token_is_refused(name):
    make, words = REFUSED[name]
    said = verdict(make())
    assert list(said) == ["refused"], said
    assert words in said["refused"]


def test_a_key_that_is_not_known_is_told_apart():
    for text, held in (
        (token(header={"kid": "new"}), keys()),
        (token(header={"kid": "ec"}), keys()),  # another algorithm's key
        (token(header={"kid": "ed"}), keys()),
        (token(header={"kid": ["rsa"]}), keys()),
        (token(), []),
        (token(), [jwk(rsa_key(), "rsa", use="enc")]),
        (token(), [jwk(rsa_key(), "rsa", alg="RS512")]),
        (token(), ["rsa", 7, None]),
    ):
        assert list(verdict(text, keys=held)) == ["unknown_key"]


def test_a_key_that_is_no_good_is_refused():
    weak = rsa_key(1024)
    point = jwk(ec_key(), "ec", y=number(1, 32))
    for text, key, words in (
        (token(key=weak), jwk(weak, "rsa"), "too weak"),
        (token(), jwk(rsa_key(), "rsa", n="?"), "damaged or too weak"),
        (token(), jwk(rsa_key(), "rsa", e=None), "damaged or too weak"),
        (token(key=ec_key()), point, "damaged or too weak"),
        (token(key=ec_key()), jwk(ec_key(), "ec", x=[]), "damaged or too weak"),
    ):
        assert words in verdict(text, keys=[key])["refused"]
    both = [jwk(rsa_key(), "a"), jwk(rsa_key(2048, 1), "b")]
    assert "which of several" in verdict(token(header={"kid": None}), keys=both)["refused"]


def test_an_expected_nonce_is_never_empty():
    said = verdict(token({"nonce": ""}), expected={**EXPECTED, "nonce": ""})
    assert "(nonce)" in said["refused"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["alg", "kid", "typ"]) | st.text(max_size=4),
            JSON,
            st.sampled_from([*CLAIMS, "azp", "nbf"]),
            JSON,
        ),
        min_size=60,
        max_size=60,
    )
)
def test_nothing_crashes_it_and_nothing_changed_is_believed(rows):
    """Signed by the right key, so that what is behind the signature is reached as well."""
    cases = []
    for head, in_head, claim, in_claim in rows:
        cases.append({"token": token({claim: in_claim}, header={head: in_head})})
        cases.append({"token": f"{b64({head: in_head})}.{b64({claim: in_claim})}.AAAA"})
    for case, said in zip(cases, verdicts(cases), strict=True):
        assert "crashed" not in said, (case, said)
        if "sub" in said:
            head, body = (
                json.loads(base64.urlsafe_b64decode(part + "=="))
                for part in case["token"].split(".")[:2]
            )
            assert head["alg"] == "RS256"
            assert [body["iss"], body["nonce"]] == [ISSUER, NONCE]
            assert body["aud"] == CLIENT or CLIENT in body["aud"]
            assert body.get("azp") in {None, CLIENT}
            assert body["exp"] > NOW - 60 <= body["iat"] + 600
