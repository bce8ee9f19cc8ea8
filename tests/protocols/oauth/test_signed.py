"""Signed JSON from outside, and the keys it may be signed with."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey

from hospes.protocols.oauth import client_keys, signed
from hospes.protocols.oauth.signed import UnreadableError
from support.signing import OTHER, PRIVATE, key_set, part, public, sign

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
CLAIMS = {"sub": "a", "exp": 5}


@pytest.mark.standard("RFC 7515", "5.2")
@pytest.mark.parametrize("alg", ALGORITHMS)
def test_each_algorithm_is_verified_with_its_own_key_alone(alg: str) -> None:
    found = signed.read(sign({"alg": alg}, CLAIMS, PRIVATE[alg]))
    assert (found.alg, found.claims) == (alg, CLAIMS)
    for name, key in PRIVATE.items():
        kind = type(key)
        half = key if name == "HS256" else kind.import_key(public(key))  # type: ignore[attr-defined]
        same = key is PRIVATE[alg]
        assert signed.verify(found, half) is same
    for other in OTHER.values():
        assert not signed.verify(found, type(other).import_key(public(other)))  # type: ignore[attr-defined]
    assert not signed.verify(found, PRIVATE[alg], algorithms=[a for a in ALGORITHMS if a != alg])


@pytest.mark.standard("RFC 9864", "2.2")
def test_eddsa_goes_by_two_names() -> None:
    key = PRIVATE["EdDSA"]
    found = signed.read(sign({"alg": "Ed25519"}, CLAIMS, key, alg="EdDSA"))
    assert found.alg == "EdDSA"
    assert signed.verify(found, key)
    assert not signed.verify(found, PRIVATE["ES256"])
    told = json.dumps({"keys": [public(key, alg="Ed25519")]})
    assert client_keys.signed_by(found, client_keys.read_set(told), ALGORITHMS)


@pytest.mark.standard("RFC 8725", "3.1")
def test_no_other_algorithm_counts() -> None:
    secret = OctKey.import_key(json.dumps(public(PRIVATE["RS256"])))
    for token, key in [
        (sign({"alg": "HS256"}, CLAIMS, PRIVATE["HS256"]), PRIVATE["HS256"]),
        # The public key taken for a shared secret.
        (sign({"alg": "HS256"}, CLAIMS, secret), PRIVATE["RS256"]),
        (sign({"alg": "ES384"}, CLAIMS, PRIVATE["ES384"]), PRIVATE["ES384"]),
        (sign({"alg": "RS384"}, CLAIMS, PRIVATE["RS256"]), PRIVATE["RS256"]),
        # Signed with one, called another.
        (sign({"alg": "PS256"}, CLAIMS, PRIVATE["RS256"], alg="RS256"), PRIVATE["RS256"]),
        (sign({"alg": 7}, CLAIMS, PRIVATE["RS256"], alg="RS256"), PRIVATE["RS256"]),
    ]:
        assert not signed.verify(signed.read(token), key)
    with pytest.raises(UnreadableError):
        signed.read(sign({"alg": "none"}, CLAIMS, None))


GOOD = sign({"alg": "ES256"}, CLAIMS, PRIVATE["ES256"])
HEADER, BODY, SIGNATURE = GOOD.split(".")


@pytest.mark.standard("RFC 7515", "5.2")
@pytest.mark.parametrize(
    "token",
    [
        "", "a", "a.b", "a.b.c.d", f"{HEADER}.{BODY}", f"{HEADER}.{BODY}.", f".{BODY}.{SIGNATURE}",
        f"{HEADER}=.{BODY}.{SIGNATURE}", f"{GOOD}\n", f" {GOOD}", f"{GOOD}.",
        f"{HEADER}.{BODY}.{SIGNATURE}!", f"{HEADER}.{BODY}.{SIGNATURE[:-1]}_",
        f"{part([])}.{BODY}.{SIGNATURE}", f"{HEADER}.{part('text')}.{SIGNATURE}",
        f"{HEADER}.{part(b'{')}.{SIGNATURE}", f"{HEADER}.{part(bytes([255]))}.{SIGNATURE}",
        f"{HEADER}.{part(b'{' + b'[' * 5000)}.{SIGNATURE}",
        f"{HEADER}.{part(b'{%s1:NaN}' % b'')}.{SIGNATURE}",
        f"{HEADER}.{part(b'{' + b'a' * 2)}.{SIGNATURE}",
        part(b'{"alg":"none","alg":"ES256"}') + f".{BODY}.{SIGNATURE}",
        HEADER + "." + part(b'{"sub":"a","sub":"b"}') + f".{SIGNATURE}",
        HEADER + "." + part(b'{"exp":Infinity}') + f".{SIGNATURE}",
        HEADER + "." + part(b'{"exp":' + b"9" * 5000 + b"}") + f".{SIGNATURE}",
        part({"alg": "ES256", "crit": ["b64"], "b64": False}) + f".{BODY}.{SIGNATURE}",
        f"{HEADER}.{part(b'x' * 20_000)}.{SIGNATURE}",
    ],
)  # fmt: skip
def test_what_is_no_signed_json_is_not_read(token: str) -> None:
    with pytest.raises(UnreadableError):
        signed.read(token)


def test_one_sign_changed_is_another_signature() -> None:
    key = PRIVATE["ES256"]
    assert signed.verify(signed.read(GOOD), key)
    other = sign({"alg": "ES256"}, {"sub": "b"}, key).split(".")[1]
    assert not signed.verify(signed.read(f"{HEADER}.{other}.{SIGNATURE}"), key)
    assert not signed.verify(signed.read(f"{HEADER}.{BODY}.{SIGNATURE[:40]}"), key)
    assert not signed.verify(signed.read(f"{HEADER}.{BODY}.{part(bytes(64))}"), key)


@pytest.mark.parametrize("value", ["5", True, [], {}, 2**60, -(2**60), 1e300])
def test_what_is_no_instant_is_refused(value: object) -> None:
    found = signed.read(sign({"alg": "ES256"}, {"exp": value}, PRIVATE["ES256"]))
    with pytest.raises(UnreadableError):
        found.instant("exp")
    assert found.instant("nbf") is None
    assert signed.read(sign({"alg": "ES256"}, {"exp": 5.9}, PRIVATE["ES256"])).instant("exp") == 5


@given(data=st.binary(max_size=40))
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = signed.encoded(data)
    assert signed.decoded(text) == data
    if text:
        spelt = {c: text[:-1] + c for c in "ABCDwxyz019-_"}
        assert [c for c, t in spelt.items() if t != text and _reads(t) == data] == []


def _reads(text: str) -> bytes | None:
    try:
        return signed.decoded(text)
    except UnreadableError:
        return None


# -- key sets ----------------------------------------------------------------------------------


@pytest.mark.standard("RFC 7517", "5")
def test_a_set_is_read_and_what_is_unknown_in_it_passed_over() -> None:
    told = json.loads(key_set(*ALGORITHMS))
    told["keys"] += [
        {"kty": "AKP", "pub": "x"},
        {**public(OKPKey.generate_key("Ed448")), "kid": "old"},
        {"kty": 5},
        public(OKPKey.generate_key("X25519"), kid="enc", use="enc"),
    ]
    keys = client_keys.read_set(json.dumps(told))
    assert [each.kid for each in keys.keys] == [*ALGORITHMS, "enc"]
    assert keys.has("ES256")
    assert not keys.has("old")
    for alg in ALGORITHMS:
        found = signed.read(sign({"alg": alg, "kid": alg}, CLAIMS, PRIVATE[alg]))
        assert client_keys.signed_by(found, keys, ALGORITHMS)
        unnamed = signed.read(sign({"alg": alg}, CLAIMS, PRIVATE[alg]))
        assert client_keys.signed_by(unnamed, keys, ALGORITHMS)
        misnamed = signed.read(sign({"alg": alg, "kid": "old"}, CLAIMS, PRIVATE[alg]))
        assert not client_keys.signed_by(misnamed, keys, ALGORITHMS)


@pytest.mark.standard("RFC 7517", "4.2")
@pytest.mark.parametrize("members", [{"use": "enc"}, {"alg": "PS256"}, {"alg": "RSA-OAEP-256"}])
def test_a_key_for_something_else_does_not_verify(members: dict[str, str]) -> None:
    keys = client_keys.read_set(key_set("RS256", **members))
    found = signed.read(sign({"alg": "RS256"}, CLAIMS, PRIVATE["RS256"]))
    assert not client_keys.signed_by(found, keys, ALGORITHMS)


RSA, EC = public(PRIVATE["RS256"]), public(PRIVATE["ES256"])
OFF_CURVE = {**EC, "y": EC["x"]}


@pytest.mark.parametrize(
    "key",
    [
        PRIVATE["ES256"].as_dict(private=True),
        PRIVATE["RS256"].as_dict(private=True),
        PRIVATE["EdDSA"].as_dict(private=True),
        PRIVATE["HS256"].as_dict(private=True),
        {**EC, "d": ""},
        {**EC, "k": "x"},
        {"kty": "oct"},
        OFF_CURVE,
        {"kty": "EC", "crv": "P-256", "x": EC["x"]},
        {**EC, "x": 5},
        {**EC, "x": EC["x"] + "="},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {**RSA, "n": RSA["n"][:168]},
        {**RSA, "e": "AQ"},
        {**RSA, "e": "Ag"},
        {**RSA, "e": "A" * 20},
        {**RSA, "n": "_" * 4000},
        {**RSA, "x5c": ["%%%"]},
        "text",
        None,
    ],
)  # fmt: skip
def test_a_key_that_is_private_shared_weak_or_broken_spoils_its_set(key: object) -> None:
    with pytest.raises(UnreadableError):
        client_keys.read_set(json.dumps({"keys": [public(OTHER["ES256"]), key]}))


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"keys":{}}', '{"keys":[' + "{}," * 60 + "{}]}", " " * 60_001,
        '{"keys":[],"keys":[]}',
        json.dumps({"keys": [public(OTHER["ES256"], kid="a"), public(PRIVATE["ES256"], kid="a")]}),
    ],
)  # fmt: skip
def test_what_is_no_key_set_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        client_keys.read_set(text)


@pytest.mark.standard("RFC 7638", "3")
def test_thumbprints_are_those_of_the_rfc() -> None:
    # RFC 7638 §3.1 and RFC 8037 §A.3.
    rsa = {
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS"
        "oc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
        "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4"
        "vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    }  # fmt: skip
    assert client_keys.thumbprint(rsa) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    okp = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert client_keys.thumbprint(okp) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    for key in (*PRIVATE.values(), *OTHER.values()):
        if not isinstance(key, OctKey):
            assert client_keys.thumbprint(public(key)) == key.thumbprint()


def test_the_certificate_beside_a_key_is_known_by_its_thumbprint() -> None:
    der = b"made up"
    told = {"keys": [{**EC, "x5c": [base64.b64encode(der).decode()]}]}
    (found,) = client_keys.read_set(json.dumps(told)).certificates
    assert found == signed.encoded(hashlib.sha256(der).digest())
    assert client_keys.read_set(key_set("ES256")).certificates == frozenset()
    assert isinstance(client_keys.public_key(EC), ECKey)
