"""Authlib signs in, over real HTTP, as somebody else's software does."""

from __future__ import annotations

import secrets

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from support.clients import CALLBACK, EMAIL

# OpenID Connect calls Ed25519 by the name EdDSA; the library warns of that name.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def verified(id_token, metadata, *, alg, client_id, nonce):
    """Check signature and claims with the library's own rules."""
    keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).json())
    token = jwt.decode(id_token, keys, algorithms=[alg])
    assert token.header["alg"] == alg
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": client_id},
        },
        params={"nonce": nonce, "client_id": client_id},
    )
    claims.validate(leeway=10)
    return claims


def session_for(client_id, secret, method):
    return OAuth2Session(
        client_id,
        secret or None,
        scope="openid profile email",
        redirect_uri=CALLBACK,
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
    )


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_a_person_signs_in(visitor, metadata, alg, method):
    kind = "mobile" if method == "none" else "server"
    client_id, secret = visitor.register(type=kind, id_token_alg=alg, name=f"{alg} {method}")
    assert bool(secret) == (method != "none")
    session = session_for(client_id, secret, method)
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    token = session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=visitor.agree(url),
        state=state,
        code_verifier=verifier,
    )
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 7200
    claims = verified(token["id_token"], metadata, alg=alg, client_id=client_id, nonce=nonce)
    userinfo = session.get(metadata["userinfo_endpoint"]).json()
    assert userinfo["sub"] == claims["sub"]
    assert userinfo["email"] == EMAIL
    assert userinfo["email_verified"] is True
    assert userinfo["name"] == "Clara Berg"


def test_rs256_is_the_default(visitor, metadata):
    client_id, secret = visitor.register()
    session = session_for(client_id, secret, "client_secret_basic")
    verifier = secrets.token_urlsafe(48)
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce="n"
    )
    token = session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=visitor.agree(url),
        state=state,
        code_verifier=verifier,
    )
    verified(token["id_token"], metadata, alg="RS256", client_id=client_id, nonce="n")
