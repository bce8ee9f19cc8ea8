"""Certificates of applications, and of whoever issues them."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

if TYPE_CHECKING:
    from collections.abc import Sequence

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
SUBJECT = "CN=Nightly job,OU=Software,O=Ada SA,C=CH"


@dataclass
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def x5c(self) -> list[str]:
        return [base64.b64encode(self.der).decode()]

    @property
    def header(self) -> str:
        """Return it as RFC 9440 has it."""
        return f":{self.x5c[0]}:"

    @property
    def spellings(self) -> list[str]:
        """Return it as proxies write it down."""
        return [
            self.header,
            quote(self.pem),
            quote(self.pem, safe=""),
            self.pem.replace("\n", " ").strip(),
            self.pem.replace("\n", " "),
            self.x5c[0],
        ]


def made(
    subject: str = SUBJECT,
    *,
    issuer: Holder | None = None,
    hosts: Sequence[str] = (),
    authority: bool = False,
    start: dt.datetime = START,
    end: dt.datetime = END,
    usage: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.CLIENT_AUTH,
) -> Holder:
    """Return a certificate; without an ``issuer`` it is signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string(subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    if usage is not None and not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    signed = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Holder(signed, key)


def authority(name: str = "CN=Clients of Alpenhost") -> Holder:
    """Return an authority."""
    return made(name, authority=True)
