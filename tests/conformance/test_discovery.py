"""The plan about the discovery document."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from conformance.party import check_json
from conformance.provider import BASE
from joserfc.jwk import KeySet

# OAuth authorization server metadata as registered, those of OpenID Connect included.
REGISTERED = frozenset(
    [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "registration_endpoint",
        "scopes_supported",
        "response_types_supported",
        "response_modes_supported",
        "grant_types_supported",
        "token_endpoint_auth_methods_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "service_documentation",
        "ui_locales_supported",
        "op_policy_uri",
        "op_tos_uri",
        "revocation_endpoint",
        "revocation_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint",
        "introspection_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
        "code_challenge_methods_supported",
        "signed_metadata",
        "device_authorization_endpoint",
        "tls_client_certificate_bound_access_tokens",
        "mtls_endpoint_aliases",
        "dpop_signing_alg_values_supported",
        "userinfo_endpoint",
        "acr_values_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
        "id_token_encryption_alg_values_supported",
        "id_token_encryption_enc_values_supported",
        "userinfo_signing_alg_values_supported",
        "userinfo_encryption_alg_values_supported",
        "userinfo_encryption_enc_values_supported",
        "request_object_signing_alg_values_supported",
        "request_object_encryption_alg_values_supported",
        "request_object_encryption_enc_values_supported",
        "display_values_supported",
        "claim_types_supported",
        "claims_supported",
        "claims_locales_supported",
        "claims_parameter_supported",
        "backchannel_authentication_endpoint",
        "backchannel_authentication_request_signing_alg_values_supported",
        "backchannel_token_delivery_modes_supported",
        "backchannel_user_code_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
        "require_request_uri_registration",
        "require_signed_request_object",
        "pushed_authorization_request_endpoint",
        "require_pushed_authorization_requests",
        "authorization_response_iss_parameter_supported",
        "authorization_signing_alg_values_supported",
        "check_session_iframe",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "end_session_endpoint",
        "prompt_values_supported",
    ]
)
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
# The members of a private or a symmetric key.
PRIVATE = frozenset(["d", "p", "q", "dp", "dq", "qi", "k"])


def check_endpoints(metadata):
    """Every endpoint is an https address of the issuer's host, without a fragment."""
    endpoints = [name for name in metadata if name.endswith(("_endpoint", "_uri"))]
    assert {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(endpoints)
    for name in endpoints:
        parts = urlsplit(metadata[name])
        assert parts.scheme == "https", name
        assert f"{parts.scheme}://{parts.netloc}" == BASE, name
        assert not parts.fragment, name


def check_lists(metadata):
    for name, value in metadata.items():
        if name.endswith(("_supported", "_locales")) and not isinstance(value, bool):
            assert isinstance(value, list), name
            assert value, f"{name} is empty"
            assert all(isinstance(each, str) for each in value), name
            assert len(set(value)) == len(value), f"{name} names something twice"


def check_keys(jwks):
    kids = [key["kid"] for key in jwks["keys"]]
    assert len(set(kids)) == len(kids)
    for key in jwks["keys"]:
        assert not PRIVATE & set(key), "a private key is published"
        assert key["use"] == "sig"
    assert len(KeySet.import_key_set(jwks).keys) == len(kids)


def test_oidcc_discovery_endpoint_verification(provider, outcome):
    answer, metadata = provider.discovery_answer, provider.metadata
    assert answer.status_code == 200
    check_json(answer)
    assert metadata["issuer"] == BASE
    assert str(answer.request.url) == f"{BASE}/.well-known/openid-configuration"
    assert set(metadata) <= REGISTERED
    check_lists(metadata)
    assert "code" in metadata["response_types_supported"]
    assert set(metadata["subject_types_supported"]) <= {"public", "pairwise"}
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    assert "authorization_code" in metadata["grant_types_supported"]
    assert "implicit" not in metadata["grant_types_supported"]
    check_endpoints(metadata)
    assert metadata["userinfo_endpoint"]
    check_keys(provider.jwks)
    # Where request_uri_parameter_supported were left out, it would mean yes (Discovery §3).
    for name in ("request_parameter_supported", "request_uri_parameter_supported"):
        assert isinstance(metadata[name], bool)
    assert isinstance(metadata["claims_parameter_supported"], bool)
    assert {"sub", "iss", "auth_time", "name", "email"} <= set(metadata["claims_supported"])
    assert "openid" in metadata["scopes_supported"]
    assert all(SCOPE_TOKEN.fullmatch(scope) for scope in metadata["scopes_supported"])
    assert all(LANGUAGE_TAG.fullmatch(tag) for tag in metadata["ui_locales_supported"])
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert {"query", "form_post"} <= set(metadata["response_modes_supported"])


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(provider, outcome):
    check_endpoints(provider.metadata)
    assert provider.metadata["end_session_endpoint"].startswith(f"{BASE}/")
