from __future__ import annotations

import base64
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.clients import (
    ClientView,
    Credentials,
    authenticate,
    read_credentials,
    secret_hash,
)
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.parameters import from_pairs

WEB = ClientView("web-1", "web", secret_hashes=(secret_hash("old"), secret_hash("new")))
MOBILE = ClientView("app-1", "mobile", secret_hashes=(secret_hash("leaked"),))


def basic(client_id: str, secret: str) -> str:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def raw(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


def read(authorization: str = "", **body: str) -> Credentials:
    return read_credentials(authorization, from_pairs(body.items()))


@pytest.mark.parametrize(
    ("authorization", "body", "expected"),
    [
        (basic("web-1", "x"), {}, Credentials("web-1", "client_secret_basic", "x")),
        (basic("web-1", "x").replace("Basic", "basic"), {},
         Credentials("web-1", "client_secret_basic", "x")),
        (basic("w:1", "a+b c%:ü"), {}, Credentials("w:1", "client_secret_basic", "a+b c%:ü")),
        (raw(b"web-1:"), {}, Credentials("web-1", "none")),
        (basic("web-1", "x"), {"client_id": "web-1"},
         Credentials("web-1", "client_secret_basic", "x")),
        ("", {"client_id": "web-1", "client_secret": "x"},
         Credentials("web-1", "client_secret_post", "x")),
        ("", {"client_id": "app-1"}, Credentials("app-1", "none")),
        ("", {"client_id": "app-1", "client_secret": ""}, Credentials("app-1", "none")),
    ],
)  # fmt: skip
def test_each_method_is_read(
    authorization: str, body: dict[str, str], expected: Credentials
) -> None:
    assert read(authorization, **body) == expected


@pytest.mark.parametrize(
    ("authorization", "body", "code"),
    [
        ("", {}, "invalid_client"),
        ("", {"client_secret": "x"}, "invalid_client"),
        ("Bearer abc", {"client_id": "web-1"}, "invalid_client"),
        ("Basic", {}, "invalid_client"),
        ("Basic !!!", {}, "invalid_client"),
        (raw(b"no-colon"), {}, "invalid_client"),
        (raw(b":x"), {}, "invalid_client"),
        (raw(b"\xff:x"), {}, "invalid_client"),
        (raw(b"web-1:%zz"), {}, "invalid_client"),
        (raw(b"web-1:%00"), {}, "invalid_client"),
        (basic("web-1", "x"), {"client_secret": "x"}, "invalid_request"),
        (basic("web-1", "x"), {"client_id": "app-1"}, "invalid_request"),
    ],
)
def test_unreadable_or_doubled_credentials_are_refused(
    authorization: str, body: dict[str, str], code: str
) -> None:
    with pytest.raises(OAuthError) as caught:
        read(authorization, **body)
    assert caught.value.code == code


def test_a_repeated_client_id_is_refused() -> None:
    with pytest.raises(OAuthError) as caught:
        read_credentials("", from_pairs([("client_id", "a"), ("client_id", "a")]))
    assert caught.value.code == "invalid_request"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@pytest.mark.parametrize("secret", ["old", "new"])
def test_a_confidential_client_proves_itself_with_any_of_its_secrets(
    method: str, secret: str
) -> None:
    assert authenticate(Credentials("web-1", method, secret), WEB) is WEB  # type: ignore[arg-type]


def test_a_public_client_says_who_it_is_and_no_more() -> None:
    assert authenticate(Credentials("app-1", "none"), MOBILE) is MOBILE


@pytest.mark.parametrize(
    ("credentials", "client"),
    [
        (Credentials("web-1", "client_secret_basic", "wrong"), WEB),
        (Credentials("web-1", "client_secret_post", ""), WEB),
        (Credentials("web-1", "none"), WEB),
        (Credentials("web-1", "none", "old"), WEB),
        (Credentials("app-1", "client_secret_post", "leaked"), MOBILE),
        (Credentials("other", "client_secret_post", "old"), WEB),
        (Credentials("web-1", "client_secret_post", "old"), None),
        (Credentials("web-1", "client_secret_post", ""), ClientView("web-1", "web")),
        (Credentials("web-1", "client_secret_post", secret_hash("old")), WEB),
    ],
)
def test_everyone_else_is_refused_in_the_same_words(
    credentials: Credentials, client: ClientView | None
) -> None:
    with pytest.raises(OAuthError) as caught:
        authenticate(credentials, client)
    assert caught.value.code == "invalid_client"
    assert caught.value.description == "The client is unknown or its authentication failed."


def test_secrets_never_show_in_a_representation() -> None:
    assert "hush" not in repr(Credentials("a", "client_secret_post", "hush"))
    assert secret_hash("old") not in repr(WEB)


@given(st.text(), st.dictionaries(st.sampled_from(["client_id", "client_secret"]), st.text()))
def test_any_header_is_read_or_refused(authorization: str, body: dict[str, str]) -> None:
    try:
        credentials = read(authorization, **body)
        authenticate(credentials, WEB)
    except OAuthError:
        pass


@given(st.binary())
def test_any_basic_credentials_are_read_or_refused(content: bytes) -> None:
    try:
        read(raw(content))
    except OAuthError:
        pass


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1),
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))),
)
def test_what_a_client_encodes_comes_out(client_id: str, secret: str) -> None:
    method = "client_secret_basic" if secret else "none"
    assert read(basic(client_id, secret)) == Credentials(client_id, method, secret)  # type: ignore[arg-type]
