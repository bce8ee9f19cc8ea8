"""Applications that prove themselves with the certificate of their connection (RFC 8705)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from hospes.protocols.oauth import signed
from hospes.protocols.oauth.errors import Unproved

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.protocols.oauth.client_keys import ClientKeys
    from hospes.protocols.oauth.clients import ClientView

BY_AUTHORITY: Final = "tls_client_auth"
SELF_SIGNED: Final = "self_signed_tls_client_auth"
METHODS: Final = (BY_AUTHORITY, SELF_SIGNED)
LONGEST: Final = 16_384
# How proxies write one down: as RFC 9440 §2.1 has it, as PEM with blanks for the line breaks
# (or those escaped), or as bare base64.
_BYTES: Final = re.compile(r":([A-Za-z0-9+/=]+):")
_PEM: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*"
)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+=*")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Trusted:
    """The authorities whose certificates say who an application is; each issues them itself."""

    authorities: tuple[x509.Certificate, ...] = ()


def read_authorities(pem: bytes) -> Trusted:
    """Read a file of certificates in PEM.

    Raises:
        ValueError: it holds none, or one that is no authority's.

    """
    found = x509.load_pem_x509_certificates(pem)
    if not all(map(_is_authority, found)):
        raise ValueError("a certificate in it is no authority's")
    return Trusted(tuple(found))


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def der_of(text: str) -> bytes:
    """Return the certificate that a proxy wrote into a header as DER, b"" where it is none."""
    if not text or len(text) > LONGEST:
        return b""
    plain = unquote(text) if "%" in text else text
    match = _BYTES.fullmatch(plain) or _PEM.fullmatch(plain)
    inner = _BLANKS.sub("", match[1]) if match else plain
    if not _BASE64.fullmatch(inner):
        return b""
    try:
        return base64.b64decode(inner, validate=True)
    except (binascii.Error, ValueError):
        return b""


def thumbprint(der: bytes) -> str:
    """Return the ``x5t#S256`` of a certificate (RFC 8705 §3.1), "" of none."""
    return signed.encoded(hashlib.sha256(der).digest()) if der else ""


def check(
    der: bytes,
    client: ClientView,
    keys: Callable[[str], ClientKeys],
    *,
    trusted: Trusted,
    now: int,
) -> None:
    """Let an application pass whose certificate this is, by the method that it chose.

    Raises:
        Unproved: with the reason, for the application's owner alone.

    """
    if not der:
        raise Unproved("No certificate came with the request.")
    try:
        certificate = x509.load_der_x509_certificate(der)
        in_time = (
            certificate.not_valid_before_utc.timestamp()
            <= now
            <= certificate.not_valid_after_utc.timestamp()
        )
    except (ValueError, UnsupportedAlgorithm, OverflowError):
        raise Unproved("The certificate of the request cannot be read.") from None
    if not in_time:
        raise Unproved("The certificate of the request is not valid now.")
    if client.options.token_endpoint_auth_method == SELF_SIGNED:
        if thumbprint(der) not in keys("").certificates:
            raise Unproved("The certificate of the request stands beside none of its keys (x5c).")
        return
    if not any(_issued_by(certificate, each, now) for each in trusted.authorities):
        raise Unproved("The certificate of the request is by no authority that is trusted here.")
    if not _names(certificate, client):
        raise Unproved("The certificate of the request is another's: its subject differs.")


def _issued_by(certificate: x509.Certificate, authority: x509.Certificate, now: int) -> bool:
    if not (
        authority.not_valid_before_utc.timestamp()
        <= now
        <= authority.not_valid_after_utc.timestamp()
    ):
        return False
    if _is_authority(certificate):
        # It issues others theirs; it is nobody itself.
        return False
    try:
        certificate.verify_directly_issued_by(authority)
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage


def _names(certificate: x509.Certificate, client: ClientView) -> bool:
    """Return whether a certificate is for the one subject that was registered (RFC 8705 §2.1.2)."""
    wanted, host = (
        client.options.tls_client_auth_subject_dn,
        client.options.tls_client_auth_san_dns,
    )
    if bool(wanted) is bool(host):
        # Neither says who it is; two say more than one thing.
        return False
    try:
        if wanted:
            return subject_of(wanted) == certificate.subject
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        told = names.get_values_for_type(x509.DNSName)
    except (ValueError, x509.ExtensionNotFound):
        return False
    return host.lower() in [name.lower() for name in told]


def subject_of(text: str) -> x509.Name:
    """Read a distinguished name as RFC 4514 writes it.

    Raises:
        ValueError: it is none.

    """
    found = x509.Name.from_rfc4514_string(text)
    if not list(found):
        raise ValueError("it names nobody")
    return found
