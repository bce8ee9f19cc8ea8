"""Certificates of applications: how proxies write them down, and whose they are."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from hospes.protocols.oauth import certificates, client_keys, signed
from hospes.protocols.oauth.clients import ClientView, Credentials, authenticate
from hospes.protocols.oauth.errors import Unproved
from hospes.protocols.oauth.options import ClientOptions
from support.client_certificates import END, START, SUBJECT, Holder, authority, made
from support.signing import PRIVATE, public

NOW = 1_800_000_000
CA, OTHER_CA = authority(), authority("CN=Clients of Alpenhost")
LEAF = made(issuer=CA, hosts=("job.ada.example", "Two.ada.example"))
OWN = made()
TRUSTED = certificates.read_authorities((CA.pem + authority("CN=Second").pem).encode())
BY_DN = ClientView(
    "web-1", "web",
    options=ClientOptions(
        token_endpoint_auth_method="tls_client_auth", tls_client_auth_subject_dn=SUBJECT
    ),
)  # fmt: skip
BY_HOST = replace(
    BY_DN,
    options=ClientOptions(
        token_endpoint_auth_method="tls_client_auth", tls_client_auth_san_dns="job.ada.example"
    ),
)
KEYS = client_keys.read_set(
    json.dumps({"keys": [{**public(PRIVATE["ES256"]), "x5c": OWN.x5c}, public(PRIVATE["EdDSA"])]})
)
SELF = replace(
    BY_DN, options=ClientOptions(token_endpoint_auth_method="self_signed_tls_client_auth")
)


def check(
    holder: Holder | bytes,
    client: ClientView = BY_DN,
    trusted: certificates.Trusted = TRUSTED,
    now: int = NOW,
) -> None:
    der = holder if isinstance(holder, bytes) else holder.der
    certificates.check(der, client, lambda _kid: KEYS, trusted=trusted, now=now)


def reason(*arguments: object, **more: object) -> str:
    with pytest.raises(Unproved) as caught:
        check(*arguments, **more)  # type: ignore[arg-type]
    assert str(caught.value) == str(Unproved())
    return caught.value.reason


@pytest.mark.standard("RFC 9440", "2.1")
def test_each_proxys_way_to_write_it_down_is_read() -> None:
    for text in LEAF.spellings:
        assert certificates.der_of(text) == LEAF.der
    told = certificates.thumbprint(LEAF.der)
    assert told == signed.encoded(hashlib.sha256(LEAF.der).digest())
    assert len(f"x5t#S256:{told}") <= 60


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "::", ":%%%:", "(null)", "x" * 20_000, f"{LEAF.header},{LEAF.header}",
        f"{LEAF.header}, {LEAF.header}", LEAF.header[:-1], LEAF.x5c[0][:-1] + "!", "%00", "é",
        LEAF.pem.replace("\n", " ") * 2, "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
        LEAF.pem.replace("CERTIFICATE", "PRIVATE KEY"),
    ],
)  # fmt: skip
def test_what_is_no_certificate_is_none(text: str) -> None:
    assert certificates.der_of(text) == b""
    assert certificates.thumbprint(b"") == ""


@pytest.mark.standard("RFC 8705", "2.1")
def test_an_authoritys_certificate_for_the_registered_subject_passes() -> None:
    check(LEAF)
    check(LEAF, BY_HOST)
    upper = replace(BY_HOST.options, tls_client_auth_san_dns="TWO.ADA.example")
    check(LEAF, replace(BY_HOST, options=upper))
    check(made(issuer=CA, usage=None))
    # One name in two spellings.
    spaced = replace(
        BY_DN.options, tls_client_auth_subject_dn=r"CN=Nightly\20job,OU=Software,O=Ada SA,C=CH"
    )
    check(LEAF, replace(BY_DN, options=spaced))


@pytest.mark.parametrize(
    ("holder", "text"),
    [
        # The same names, and nobody's word for it.
        (made(), "no authority"),
        (made(issuer=OTHER_CA), "no authority"),
        (made(issuer=made(issuer=CA)), "no authority"),
        (made(issuer=CA, usage=ExtendedKeyUsageOID.SERVER_AUTH), "no authority"),
        (made("CN=Another job,OU=Software,O=Ada SA,C=CH", issuer=CA), "subject differs"),
        (made("CN=Nightly job", issuer=CA), "subject differs"),
        (made("C=CH,O=Ada SA,OU=Software,CN=Nightly job", issuer=CA), "subject differs"),
        (made(SUBJECT + ",L=Bern", issuer=CA), "subject differs"),
        (made(issuer=CA, end=START + dt.timedelta(days=1)), "not valid now"),
        (made(issuer=CA, start=END - dt.timedelta(days=1)), "not valid now"),
        (b"", "No certificate"),
        (b"rubbish", "cannot be read"),
        (LEAF.der[:-1], "cannot be read"),
        (LEAF.der[:-5] + b"12345", "no authority"),
        (CA, "no authority"),
    ],
)  # fmt: skip
def test_every_other_certificate_is_refused(holder: Holder | bytes, text: str) -> None:
    assert text in reason(holder)


def test_a_name_of_a_host_is_one_of_its_names() -> None:
    for hosts in ((), ("evil.example",), ("*.ada.example",), ("job.ada.example.evil.example",)):
        assert "subject differs" in reason(made(issuer=CA, hosts=hosts), BY_HOST)


@pytest.mark.parametrize(
    "options",
    [
        ClientOptions(token_endpoint_auth_method="tls_client_auth"),
        replace(BY_DN.options, tls_client_auth_san_dns="job.ada.example"),
        replace(BY_DN.options, tls_client_auth_subject_dn="nonsense"),
        replace(BY_DN.options, tls_client_auth_subject_dn=","),
    ],
)
def test_whoever_registered_no_one_name_is_nobody(options: ClientOptions) -> None:
    assert "subject differs" in reason(LEAF, replace(BY_DN, options=options))


def test_without_a_trusted_authority_names_prove_nothing() -> None:
    assert "no authority" in reason(LEAF, trusted=certificates.Trusted())
    late = int(END.timestamp()) + 5
    assert "not valid now" in reason(LEAF, now=late)
    old = made("CN=Old", authority=True, end=START + dt.timedelta(days=9))
    trusted = certificates.Trusted((old.certificate,))
    assert "no authority" in reason(made(issuer=old), trusted=trusted)


@pytest.mark.standard("RFC 8705", "2.2")
def test_a_self_signed_certificate_is_known_by_its_place_beside_a_key() -> None:
    check(OWN, SELF)
    check(OWN, SELF, certificates.Trusted())
    # Same names, another key; and one that an authority vouches for.
    assert "x5c" in reason(made(), SELF)
    assert "x5c" in reason(LEAF, SELF)
    assert "not valid now" in reason(OWN, SELF, now=int(END.timestamp()) + 5)


@pytest.mark.parametrize("client", [BY_DN, SELF])
def test_nothing_else_stands_for_the_certificate(client: ClientView) -> None:
    client = replace(client, secret_hashes=("x",))
    for sent in (
        Credentials("web-1", "none"),
        Credentials("web-1", "client_secret_post", "right"),
        Credentials("web-1", "private_key_jwt", assertion="a.b.c"),
    ):
        with pytest.raises(Unproved):
            authenticate(sent, client)
        assert not replace(client, type="mobile").public


def test_a_file_of_authorities_holds_nothing_else() -> None:
    assert len(TRUSTED.authorities) == 2
    for text in ("", "rubbish", CA.pem + LEAF.pem, OWN.pem):
        with pytest.raises(ValueError):
            certificates.read_authorities(text.encode())
