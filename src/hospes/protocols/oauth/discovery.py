"""What the provider says of itself (OpenID Connect Discovery §3, RFC 8414, RFC 9207)."""

from __future__ import annotations

from dataclasses import dataclass

from hospes.protocols.oauth import (
    authorize,
    backchannel,
    clients,
    dpop,
    encryption,
    id_token,
    jarm,
    pkce,
    profiles,
    request_object,
    scopes,
    token,
)

PATHS = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "userinfo_endpoint": "/oauth2/userinfo",
    "jwks_uri": "/oauth2/jwks",
    "introspection_endpoint": "/oauth2/introspect",
    "revocation_endpoint": "/oauth2/revoke",
    "end_session_endpoint": "/oauth2/end-session",
    "backchannel_authentication_endpoint": "/oauth2/backchannel-authenticate",
    "device_authorization_endpoint": "/oauth2/device",
    "pushed_authorization_request_endpoint": "/oauth2/par",
    "registration_endpoint": "/oauth2/register",
}
# Where an application proves itself, and may have to with its certificate (RFC 8705 §5).
PROVED = (
    "token_endpoint",
    "userinfo_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "backchannel_authentication_endpoint",
    "device_authorization_endpoint",
    "pushed_authorization_request_endpoint",
)


@dataclass(frozen=True, slots=True)
class Certified:
    """How certificates are taken: by which methods, and at which address, "" for the usual one."""

    methods: tuple[str, ...]
    url: str = ""


def document(
    issuer: str, *, locales: tuple[str, ...], mtls: Certified | None = None
) -> dict[str, object]:
    """Return the discovery document: what works, and no word more."""
    methods = [*clients.METHODS, *(mtls.methods if mtls else ())]
    proving = [method for method in methods if method != "none"]
    opened = dict.fromkeys(claim for names in scopes.CLAIMS.values() for claim in names)
    signed = ("iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid")
    return {
        "issuer": issuer,
        **{name: issuer + path for name, path in PATHS.items()},
        "scopes_supported": list(scopes.SUPPORTED),
        "response_types_supported": ["code"],
        "response_modes_supported": list(authorize.RESPONSE_MODES),
        "grant_types_supported": list(token.GRANT_TYPES),
        "acr_values_supported": list(id_token.ACR_VALUES),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(id_token.ALGORITHMS),
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": list(profiles.ALGORITHMS),
        # An application without a secret cannot introspect; giving its tokens back it can.
        "introspection_endpoint_auth_methods_supported": proving,
        "introspection_endpoint_auth_signing_alg_values_supported": list(profiles.ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": list(profiles.ALGORITHMS),
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": mtls is not None,
        **_aliases(mtls),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_token_delivery_modes_supported": list(backchannel.MODES),
        "backchannel_user_code_parameter_supported": False,
        "code_challenge_methods_supported": [pkce.METHOD],
        "prompt_values_supported": list(authorize.PROMPTS),
        "display_values_supported": ["page"],
        "claim_types_supported": ["normal"],
        "claims_supported": [*opened, *signed],
        "ui_locales_supported": list(locales),
        "claims_parameter_supported": True,
        "authorization_signing_alg_values_supported": list(jarm.ALGORITHMS),
        "userinfo_signing_alg_values_supported": list(id_token.ALGORITHMS),
        "id_token_encryption_alg_values_supported": list(encryption.ALGORITHMS),
        "id_token_encryption_enc_values_supported": list(encryption.ENCRYPTIONS),
        "request_parameter_supported": True,
        "request_object_signing_alg_values_supported": list(request_object.ALGORITHMS),
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        # For everybody: some applications have to, by their registration or their profile.
        "require_pushed_authorization_requests": False,
    }


def _aliases(mtls: Certified | None) -> dict[str, object]:
    if mtls is None or not mtls.url:
        return {}
    told = {name: mtls.url + PATHS[name] for name in PROVED if name in PATHS}
    return {"mtls_endpoint_aliases": told}
