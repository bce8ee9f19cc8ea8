"""The members of an application's metadata that few set: what each may say, and which work here.

``OFFERED`` is the one place that says so. A member that is not in it is refused at registration
and hidden on the pages, so that nobody relies on a protection that is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from hospes.protocols.oauth import client_keys, encryption, profiles
from hospes.protocols.oauth.options import NONE

if TYPE_CHECKING:
    from hospes.protocols.oauth.metadata_reader import Offer, Reader

FLAGS: Final = (
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "backchannel_logout_session_required",
    "frontchannel_logout_session_required",
)
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "token_endpoint_auth_signing_alg": profiles.ALGORITHMS,
    "request_object_signing_alg": profiles.ALGORITHMS,
    "authorization_signed_response_alg": ("RS256", "ES256", "EdDSA"),
    "userinfo_signed_response_alg": ("RS256", "ES256", "EdDSA"),
    "id_token_encrypted_response_alg": ("RSA-OAEP-256", "ECDH-ES"),
    "id_token_encrypted_response_enc": ("A128CBC-HS256", "A256GCM"),
    "subject_type": ("public", "pairwise"),
    "access_token_format": ("opaque", "jwt"),
}
_ADDRESSES: Final = (
    "sector_identifier_uri", "backchannel_logout_uri", "frontchannel_logout_uri",
    "initiate_login_uri",
)  # fmt: skip
# What the rest of the provider enforces and tells of.
OFFERED: Final = frozenset(
    {
        "token_endpoint_auth_signing_alg",
        "dpop_bound_access_tokens",
        "require_pushed_authorization_requests",
        "require_signed_request_object",
        "request_object_signing_alg",
        "authorization_signed_response_alg",
        "userinfo_signed_response_alg",
        "id_token_encrypted_response_alg",
        "id_token_encrypted_response_enc",
        "backchannel_logout_uri",
        "backchannel_logout_session_required",
        "frontchannel_logout_uri",
        "frontchannel_logout_session_required",
        "initiate_login_uri",
        "access_token_format",
    }
)
# What is added where a proxy tells the provider of applications' certificates.
WITH_CERTIFICATES: Final = "tls_client_certificate_bound_access_tokens"
# Known by their names and built nowhere.
_NEVER: Final = frozenset(
    {
        "authorization_encrypted_response_alg", "authorization_encrypted_response_enc",
        "request_object_encryption_alg", "request_object_encryption_enc",
        "userinfo_encrypted_response_alg", "userinfo_encrypted_response_enc",
        "tls_client_auth_san_uri", "tls_client_auth_san_ip", "tls_client_auth_san_email",
        "request_uris",
    }
)  # fmt: skip
_ALL: Final = frozenset((*FLAGS, *CHOICES, *_ADDRESSES)) | _NEVER
# The options that an application is told of, as they are kept.
DESCRIBED: Final = (
    "jwks_uri", "tls_client_auth_subject_dn", "tls_client_auth_san_dns", *FLAGS, *CHOICES,
    *_ADDRESSES, "default_max_age", "software_id",
    "software_version", "contacts",
)  # fmt: skip


def unsupported(offer: Offer) -> frozenset[str]:
    """Return the members that are known and do not work at this provider."""
    works = OFFERED | {WITH_CERTIFICATES} if offer.certificates else OFFERED
    return _ALL - works


def read(reader: Reader) -> dict[str, Any]:
    """Return the flags and choices that work here."""
    missing = unsupported(reader.offer)
    asked: dict[str, Any] = {name: reader.flag(name) for name in FLAGS if name not in missing}
    for name, choices in CHOICES.items():
        if name not in missing:
            asked[name] = reader.choice(name, choices, getattr(NONE, name))
    return asked


def refuse_unsupported(reader: Reader) -> None:
    """Name each member that asks for something that is not there."""
    for name in sorted(unsupported(reader.offer)):
        if reader.given(name) and reader.told[name] != getattr(NONE, name, False):
            reader.fault(name, "not_offered")


def judge_together(reader: Reader, asked: dict[str, Any]) -> None:
    """Judge what several members say together."""
    has_keys = bool(asked["jwks"] or asked["jwks_uri"])
    if asked.get("id_token_encrypted_response_enc") and not asked.get(
        "id_token_encrypted_response_alg"
    ):
        reader.fault(
            "id_token_encrypted_response_enc", "needs_alg", "id_token_encrypted_response_alg"
        )
    if not has_keys and not reader.given("jwks"):
        for name in (
            "id_token_encrypted_response_alg",
            "require_signed_request_object",
            "request_object_signing_alg",
        ):
            if asked.get(name):
                reader.fault(name, "needs_keys")
    alg: str = asked.get("id_token_encrypted_response_alg", "")
    written = client_keys.read_set(asked["jwks"]) if alg and asked["jwks"] else None
    if written is not None and encryption.key_for(written, alg) is None:
        reader.fault("id_token_encrypted_response_alg", "no_fitting_key")
    # OpenID Connect Registration §2: the default where the algorithm alone is named.
    if asked.get("id_token_encrypted_response_alg"):
        asked["id_token_encrypted_response_enc"] = (
            asked.get("id_token_encrypted_response_enc") or "A128CBC-HS256"
        )
    # OpenID Connect Front-Channel Logout §2: a frame sees nothing of another site's.
    own = {"", *(origin_of(uri) for uri in reader.texts("redirect_uris"))}
    if origin_of(asked.get("frontchannel_logout_uri", "")) not in own:
        reader.fault("frontchannel_logout_uri", "other_site")
    _judge_sector(reader, asked)


def _judge_sector(reader: Reader, asked: dict[str, Any]) -> None:
    """Several hosts are one sector only by a document of theirs (OpenID Connect Core §8.1)."""
    if asked.get("subject_type") != "pairwise":
        if asked.get("sector_identifier_uri") and "sector_identifier_uri" in OFFERED:
            reader.fault("sector_identifier_uri", "needs_pairwise")
        return
    hosts = {host_of(uri) for uri in reader.texts("redirect_uris")}
    if len(hosts) > 1 and not asked["sector_identifier_uri"]:
        reader.fault("sector_identifier_uri", "one_host")


def origin_of(uri: str) -> str:
    """Return scheme, host and port of an address, ``""`` where it cannot be read."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def host_of(uri: str) -> str:
    """Return the host of an address, ``""`` where it has none that can be read."""
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""
