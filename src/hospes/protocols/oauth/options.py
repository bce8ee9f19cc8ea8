"""What an application may say of itself beside type, addresses and secret (RFC 7591 §2).

Most say nothing of it. The names are the registered ones of "OAuth Dynamic Client Registration
Metadata"; ``profile`` is ours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Profile = Literal["default", "oauth21", "fapi2"]
SubjectType = Literal["public", "pairwise"]


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """The options of one application; each default means: not used.

    ``jwks`` is a key set as JSON text, public members only.
    """

    # How strictly the application is held to: docs/auth.md lists what each asks for.
    profile: Profile = "default"
    # How it proves itself: "" with its secret, in either of the two ways.
    token_endpoint_auth_method: str = ""
    token_endpoint_auth_signing_alg: str = ""
    jwks: str = ""
    jwks_uri: str = ""
    tls_client_auth_subject_dn: str = ""
    tls_client_auth_san_dns: str = ""
    # Which of its tokens are bound to a key (RFC 9449 §5.2, RFC 8705 §3.4).
    dpop_bound_access_tokens: bool = False
    tls_client_certificate_bound_access_tokens: bool = False
    # RFC 9126 §6, RFC 9101 §10.5.
    require_pushed_authorization_requests: bool = False
    require_signed_request_object: bool = False
    request_object_signing_alg: str = ""
    # JARM §3: "" for answers that are not signed.
    authorization_signed_response_alg: str = ""
    # OpenID Connect Registration §2: "" for ID tokens that are only signed.
    id_token_encrypted_response_alg: str = ""
    id_token_encrypted_response_enc: str = ""
    userinfo_signed_response_alg: str = ""
    subject_type: SubjectType = "public"
    sector_identifier_uri: str = ""
    # OpenID Connect Back-Channel and Front-Channel Logout §2.2.
    backchannel_logout_uri: str = ""
    backchannel_logout_session_required: bool = False
    frontchannel_logout_uri: str = ""
    frontchannel_logout_session_required: bool = False
    # "jwt" for access tokens by RFC 9068.
    access_token_format: Literal["opaque", "jwt"] = "opaque"  # noqa: S105 - a format
    # The addresses of what it guards itself, which tokens may be for (RFC 8707).
    resource_uris: tuple[str, ...] = ()
    # Grants beside those of its type.
    further_grant_types: tuple[str, ...] = ()
    # OpenID Connect Core §3.1.2.1: what holds where a request does not say.
    default_max_age: int | None = None
    initiate_login_uri: str = ""
    # Whoever registers it says so; people see it nowhere.
    software_id: str = ""
    software_version: str = ""
    contacts: tuple[str, ...] = field(default=())

    @property
    def told_of_sign_outs(self) -> bool:
        """Return whether it hears of sessions that end, so that ID tokens name theirs."""
        return bool(self.backchannel_logout_uri or self.frontchannel_logout_uri)


NONE = ClientOptions()
_FIELDS = {each.name: each for each in fields(ClientOptions)}


def read(text: str) -> ClientOptions:
    """Return the options that ``write`` made; ``""`` is ``NONE``."""
    if not text:
        return NONE
    told: dict[str, Any] = json.loads(text)
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told.items()
        if name in _FIELDS
    }
    return ClientOptions(**known)


def write(options: ClientOptions) -> str:
    """Return the options that are no defaults as compact JSON, ``""`` where there are none."""
    told = {
        name: value
        for name, each in _FIELDS.items()
        if (value := getattr(options, name)) != each.default
    }
    return json.dumps(told, separators=(",", ":"), sort_keys=True) if told else ""
