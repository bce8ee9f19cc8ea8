"""requests-oauthlib signs in, over real HTTP; and what every client is refused."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from support.clients import CALLBACK, EMAIL


@pytest.fixture(scope="session")
def registered(visitor):
    return visitor.register(name="Refusals")


def begin(client_id, metadata, visitor):
    """Return a session that was allowed, and the address the person came back to."""
    session = OAuth2Session(
        client_id, redirect_uri=CALLBACK, scope=["openid", "profile", "email"], pkce="S256"
    )
    url, _state = session.authorization_url(metadata["authorization_endpoint"], nonce="n-1")
    return session, visitor.agree(url)


@pytest.mark.parametrize("posted", [False, True])
def test_a_person_signs_in(visitor, metadata, posted):
    client_id, secret = visitor.register(name="Requests")
    session, answer = begin(client_id, metadata, visitor)
    credentials = (
        {"include_client_id": True, "client_secret": secret}
        if posted
        else {"auth": HTTPBasicAuth(client_id, secret)}
    )
    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, **credentials
    )
    assert token["id_token"]
    assert session.get(metadata["userinfo_endpoint"]).json()["email"] == EMAIL


def test_a_public_client_signs_in_with_pkce_alone(visitor, metadata):
    client_id, secret = visitor.register(type="mobile", name="Phone")
    assert secret == ""
    session, answer = begin(client_id, metadata, visitor)
    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, include_client_id=True
    )
    assert token["id_token"]


def test_a_plugin_without_pkce_signs_in_where_its_owner_turned_that_off(visitor, metadata):
    client_id, secret = visitor.register(type="web", name="Plugin", pkce_required=None)
    session = OAuth2Session(client_id, redirect_uri=CALLBACK, scope=["openid"])
    url, _state = session.authorization_url(metadata["authorization_endpoint"])
    token = session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=visitor.agree(url),
        auth=HTTPBasicAuth(client_id, secret),
    )
    assert token["id_token"]


# ---- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"auth": "wrong"}, "invalid_client"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"code_verifier": "a" * 50}, "invalid_grant"),
        ({"code": "not-a-code"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_is_refused_and_changes_nothing(  # noqa: PLR0917 - one case, its parts
    visitor, metadata, registered, rows, change, error
):
    client_id, secret = registered
    session, answer = begin(client_id, metadata, visitor)
    fields = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(answer).query)["code"][0],
        "redirect_uri": CALLBACK,
        "code_verifier": session._code_verifier,
        **{name: value for name, value in change.items() if name != "auth"},
    }
    before = rows()
    response = httpx.post(
        metadata["token_endpoint"], data=fields, auth=(client_id, change.get("auth", secret))
    )
    assert response.status_code == (401 if error == "invalid_client" else 400)
    assert response.json()["error"] == error
    assert "access_token" not in response.text
    assert rows() == before


def test_a_wrong_redirect_address_is_refused_and_changes_nothing(
    visitor, metadata, registered, rows
):
    before = rows()
    session = OAuth2Session(
        registered[0], redirect_uri="http://127.0.0.1:53682/other", scope=["openid"], pkce="S256"
    )
    url, _state = session.authorization_url(metadata["authorization_endpoint"])
    response = visitor.get(url)
    assert response.status_code == 400
    assert "location" not in response.headers
    assert rows() == before


def test_a_reused_code_ends_what_it_gave(visitor, metadata, registered):
    client_id, secret = registered
    session, answer = begin(client_id, metadata, visitor)
    auth = HTTPBasicAuth(client_id, secret)
    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, auth=auth
    )["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert httpx.get(metadata["userinfo_endpoint"], headers=bearer).status_code == 200
    with pytest.raises(OAuth2Error, match="invalid_grant"):
        session.fetch_token(metadata["token_endpoint"], authorization_response=answer, auth=auth)
    refused = httpx.get(metadata["userinfo_endpoint"], headers=bearer)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_a_tampered_token_is_refused_and_changes_nothing(visitor, metadata, registered, rows):
    client_id, secret = registered
    session, answer = begin(client_id, metadata, visitor)
    token = session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=answer,
        auth=HTTPBasicAuth(client_id, secret),
    )["access_token"]
    before = rows()
    for tampered in (token[:-1] + ("A" if token[-1] != "A" else "B"), token + "A", token[:-4]):
        response = httpx.get(
            metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {tampered}"}
        )
        assert response.status_code == 401
        assert "email" not in response.text
    assert rows() == before


def test_a_replaced_secret_stops_working_at_once_when_asked_to(visitor, metadata):
    client_id, old = visitor.register(name="Rotated")
    visitor.get(f"/auth/applications/{client_id}/secret")
    visitor.send("Replace the secret", {"old": "end"})
    new = visitor.page.all("span", class_="kept__value")[1].text
    session, answer = begin(client_id, metadata, visitor)
    with pytest.raises(OAuth2Error, match="invalid_client"):
        session.fetch_token(
            metadata["token_endpoint"],
            authorization_response=answer,
            auth=HTTPBasicAuth(client_id, old),
        )
    assert session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=answer,
        auth=HTTPBasicAuth(client_id, new),
    )


def test_removing_access_stops_the_token(visitor, metadata):
    client_id, secret = visitor.register(name="Removed")
    session, answer = begin(client_id, metadata, visitor)
    session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=answer,
        auth=HTTPBasicAuth(client_id, secret),
    )
    visitor.get(f"/settings/applications/{client_id}/remove")
    visitor.send("Remove access", {})
    assert session.get(metadata["userinfo_endpoint"]).status_code == 401


def test_deleting_the_application_stops_its_tokens_and_its_secret(visitor, metadata):
    client_id, secret = visitor.register(name="Deleted")
    session, answer = begin(client_id, metadata, visitor)
    auth = HTTPBasicAuth(client_id, secret)
    session.fetch_token(metadata["token_endpoint"], authorization_response=answer, auth=auth)
    visitor.get(f"/auth/applications/{client_id}/delete")
    visitor.send("Delete the application", {})
    assert session.get(metadata["userinfo_endpoint"]).status_code == 401
    with pytest.raises(OAuth2Error, match="invalid_client"):
        session.fetch_token(metadata["token_endpoint"], authorization_response=answer, auth=auth)
