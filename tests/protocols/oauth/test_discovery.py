from __future__ import annotations

from hospes.protocols.oauth import scopes
from hospes.protocols.oauth.discovery import document

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
    assert TOLD["request_parameter_supported"] is False
    assert TOLD["request_uri_parameter_supported"] is False
    assert TOLD["claims_parameter_supported"] is True
    assert TOLD["code_challenge_methods_supported"] == ["S256"]
    assert TOLD["grant_types_supported"] == [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn:openid:params:grant-type:ciba",
    ]
    assert TOLD["backchannel_token_delivery_modes_supported"] == ["poll", "ping"]
    assert TOLD["backchannel_user_code_parameter_supported"] is False
    assert "backchannel_authentication_request_signing_alg_values_supported" not in TOLD
    assert "registration_endpoint" not in TOLD


def test_every_scope_and_claim_is_told() -> None:
    assert TOLD["scopes_supported"] == list(scopes.SUPPORTED)
    for names in scopes.CLAIMS.values():
        assert set(names) <= set(TOLD["claims_supported"])  # type: ignore[call-overload]
