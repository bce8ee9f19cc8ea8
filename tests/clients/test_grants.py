"""Authlib and requests-oauthlib refresh, act as machines, ask about tokens and give them back."""

from __future__ import annotations

import secrets
import sqlite3
import time

import httpx
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session as RequestsSession

from hospes.protocols.oauth.clients import secret_hash
from support.clients import CALLBACK, EMAIL

SCOPE = "openid email offline_access"


def expire(server, token):
    """Let an access token have run out on the server; the client is told by its own clock."""
    connection = sqlite3.connect(server.data_dir / "hospes.sqlite3", timeout=10)
    with connection:
        changed = connection.execute(
            "UPDATE connect_token SET expires_at = ? WHERE token_hash = ? AND kind = 'access'",
            (int(time.time()) - 10, secret_hash(token)),
        ).rowcount
    connection.close()
    assert changed == 1


def userinfo_status(metadata, token):
    bearer = {"Authorization": f"Bearer {token}"}
    return httpx.get(metadata["userinfo_endpoint"], headers=bearer).status_code


def authlib_signed_in(visitor, metadata, *, kind="server", **options):
    client_id, secret = visitor.register(type=kind, name=f"Authlib {kind}")
    session = AuthlibSession(
        client_id,
        secret or None,
        scope=SCOPE,
        redirect_uri=CALLBACK,
        token_endpoint=metadata["token_endpoint"],
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        revocation_endpoint_auth_method="client_secret_basic" if secret else "none",
        code_challenge_method="S256",
        **options,
    )
    verifier = secrets.token_urlsafe(48)
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce="n", prompt="consent"
    )
    session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=visitor.agree(url),
        state=state,
        code_verifier=verifier,
    )
    return session


@pytest.mark.parametrize("kind", ["web", "server", "mobile"])
def test_authlib_renews_a_token_that_ran_out_by_itself(visitor, metadata, kind):
    kept = []
    session = authlib_signed_in(
        visitor, metadata, kind=kind, update_token=lambda token, **old: kept.append((token, old))
    )
    first = dict(session.token)
    expire(visitor.server, first["access_token"])
    assert userinfo_status(metadata, first["access_token"]) == 401
    session.token["expires_at"] = int(time.time()) - 10
    assert session.get(metadata["userinfo_endpoint"]).json()["email"] == EMAIL
    [(second, old)] = kept
    assert old["refresh_token"] == first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]


def test_requests_oauthlib_renews_a_token_that_ran_out_by_itself(visitor, metadata):
    client_id, secret = visitor.register(name="Requests renews")
    kept = []
    session = RequestsSession(
        client_id,
        redirect_uri=CALLBACK,
        scope=SCOPE.split(),
        pkce="S256",
        auto_refresh_url=metadata["token_endpoint"],
        auto_refresh_kwargs={"client_id": client_id, "client_secret": secret},
        token_updater=kept.append,
    )
    url, _state = session.authorization_url(metadata["authorization_endpoint"], prompt="consent")
    first = dict(
        session.fetch_token(
            metadata["token_endpoint"],
            authorization_response=visitor.agree(url),
            auth=HTTPBasicAuth(client_id, secret),
        )
    )
    expire(visitor.server, first["access_token"])
    assert userinfo_status(metadata, first["access_token"]) == 401
    session.token = {**first, "expires_in": -10, "expires_at": time.time() - 10}
    assert session.get(metadata["userinfo_endpoint"]).json()["email"] == EMAIL
    [second] = kept
    assert second["refresh_token"] != first["refresh_token"]


def test_authlib_asks_about_tokens_and_gives_them_back(visitor, metadata):
    session = authlib_signed_in(visitor, metadata)
    token = dict(session.token)

    def about(text):
        return session.introspect_token(metadata["introspection_endpoint"], token=text).json()

    told = about(token["access_token"])
    assert told["active"] is True
    assert told["client_id"] == session.client_id
    assert set(told["scope"].split()) == set(SCOPE.split())
    assert about("hsp_at_nobody") == {"active": False}
    answer = session.revoke_token(metadata["revocation_endpoint"], token=token["refresh_token"])
    assert answer.status_code == 200
    assert about(token["refresh_token"]) == {"active": False}
    assert userinfo_status(metadata, token["access_token"]) == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])


@pytest.mark.parametrize("library", ["authlib", "requests-oauthlib"])
def test_a_machine_gets_a_token_for_itself(visitor, metadata, library):
    client_id, secret = visitor.register(type="other", name=f"Machine {library}")
    asking = AuthlibSession(client_id, secret, token_endpoint_auth_method="client_secret_basic")
    if library == "authlib":
        token = asking.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    else:
        session = RequestsSession(client=BackendApplicationClient(client_id=client_id))
        token = session.fetch_token(
            metadata["token_endpoint"], auth=HTTPBasicAuth(client_id, secret)
        )
    assert token["access_token"].startswith("hsp_at_")
    assert "refresh_token" not in token
    asked = {"token": token["access_token"]}
    told = asking.introspect_token(metadata["introspection_endpoint"], **asked).json()
    assert told["active"] is True
    assert told["client_id"] == client_id
    assert asking.revoke_token(metadata["revocation_endpoint"], **asked).status_code == 200
    told = asking.introspect_token(metadata["introspection_endpoint"], **asked).json()
    assert told == {"active": False}


def test_a_wrong_secret_gets_a_machine_nothing(visitor, metadata, rows):
    client_id, secret = visitor.register(type="other", name="Machine, wrong secret")
    before = rows()
    session = RequestsSession(client=BackendApplicationClient(client_id=client_id))
    with pytest.raises(OAuth2Error, match="invalid_client"):
        session.fetch_token(metadata["token_endpoint"], auth=HTTPBasicAuth(client_id, secret + "x"))
    assert rows() == before


def test_an_application_for_people_gets_no_token_for_itself(visitor, metadata, rows):
    client_id, secret = visitor.register(type="server", name="No machine")
    before = rows()
    session = RequestsSession(client=BackendApplicationClient(client_id=client_id))
    with pytest.raises(OAuth2Error, match="unauthorized_client"):
        session.fetch_token(metadata["token_endpoint"], auth=HTTPBasicAuth(client_id, secret))
    assert rows() == before
