"""What the provider says of itself (OpenID Connect Discovery §3, RFC 8414, RFC 9207)."""

from __future__ import annotations

from hospes.protocols.oauth import authorize, backchannel, clients, id_token, pkce, scopes, token

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
}


def document(issuer: str, *, locales: tuple[str, ...]) -> dict[str, object]:
    """Return the discovery document: what works, and no word more."""
    opened = dict.fromkeys(claim for names in scopes.CLAIMS.values() for claim in names)
    signed = ("iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash")
    return {
        "issuer": issuer,
        **{name: issuer + path for name, path in PATHS.items()},
        "scopes_supported": list(scopes.SUPPORTED),
        "response_types_supported": ["code"],
    "device_authorization_endpoint": "/oauth2/device",
    "pushed_authorization_request_endpoint": "/oauth2/par",
    "registration_endpoint": "/oauth2/register",
        "response_modes_supported": list(authorize.RESPONSE_MODES),
        "grant_types_supported": list(token.GRANT_TYPES),
        "acr_values_supported": list(id_token.ACR_VALUES),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(id_token.ALGORITHMS),
        "token_endpoint_auth_methods_supported": list(clients.METHODS),
        # An application without a secret cannot introspect; giving its tokens back it can.
        "introspection_endpoint_auth_methods_supported": [
            method for method in clients.METHODS if method != "none"
        ],
        "revocation_endpoint_auth_methods_supported": list(clients.METHODS),
        "backchannel_token_delivery_modes_supported": list(backchannel.MODES),
        "backchannel_user_code_parameter_supported": False,
        "code_challenge_methods_supported": [pkce.METHOD],
        "prompt_values_supported": list(authorize.PROMPTS),
        "display_values_supported": ["page"],
        "claim_types_supported": ["normal"],
        "claims_supported": [*opened, *signed],
        "ui_locales_supported": list(locales),
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }
