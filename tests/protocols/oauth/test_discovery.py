from __future__ import annotations

import pytest

from hospes.protocols.oauth import clients, dpop, profiles, scopes
from hospes.protocols.oauth.discovery import Certified, document

ISSUER = "https://login.example"
TOLD = document(ISSUER, locales=("en", "fr"))


def test_everything_that_must_be_told_is_told() -> None:
    # OpenID Connect Discovery §3, the required members.
    for name in (
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ):
        assert TOLD[name]
    assert "RS256" in TOLD["id_token_signing_alg_values_supported"]  # type: ignore[operator]


def test_every_address_begins_with_the_issuer() -> None:
    for name, value in TOLD.items():
        if name.endswith(("_endpoint", "_uri")):
            assert str(value).startswith(f"{ISSUER}/")


def test_what_does_not_work_is_not_promised() -> None:
    assert TOLD["request_parameter_supported"] is True
    assert TOLD["request_object_signing_alg_values_supported"] == list(profiles.ALGORITHMS)
    assert TOLD["request_uri_parameter_supported"] is False
    assert TOLD["claims_parameter_supported"] is True
    assert TOLD["code_challenge_methods_supported"] == ["S256"]
    assert TOLD["grant_types_supported"] == [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn:openid:params:grant-type:ciba",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ]
    assert TOLD["backchannel_token_delivery_modes_supported"] == ["poll", "ping"]
    assert TOLD["backchannel_user_code_parameter_supported"] is False
    assert "backchannel_authentication_request_signing_alg_values_supported" not in TOLD


def test_every_scope_and_claim_is_told() -> None:
    assert TOLD["scopes_supported"] == list(scopes.SUPPORTED)
    for names in scopes.CLAIMS.values():
        assert set(names) <= set(TOLD["claims_supported"])  # type: ignore[call-overload]


@pytest.mark.standard("RFC 8414", "2")
def test_how_applications_prove_themselves_is_told() -> None:
    assert TOLD["token_endpoint_auth_methods_supported"] == list(clients.METHODS)
    assert "client_secret_jwt" not in clients.METHODS
    for endpoint in ("token", "introspection", "revocation"):
        told = TOLD[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]
        assert told == ["RS256", "PS256", "ES256", "EdDSA"]
    assert TOLD["dpop_signing_alg_values_supported"] == list(dpop.ALGORITHMS)
    assert TOLD["tls_client_certificate_bound_access_tokens"] is False
    assert "mtls_endpoint_aliases" not in TOLD
    taking = document(ISSUER, locales=("en",), mtls=Certified(("self_signed_tls_client_auth",)))
    assert taking["tls_client_certificate_bound_access_tokens"] is True
    assert "self_signed_tls_client_auth" in taking["introspection_endpoint_auth_methods_supported"]  # type: ignore[operator]
    assert "mtls_endpoint_aliases" not in taking
