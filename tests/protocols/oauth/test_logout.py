from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.id_token import Hint
from hospes.protocols.oauth.logout import (
    Logout,
    LogoutError,
    LogoutRequest,
    client_id_of,
    evaluate,
    parse,
)
from hospes.protocols.oauth.parameters import from_pairs

BYE = "https://app.example/bye"
CLIENT = ClientView("web-1", "web", logout_redirect_uris=(BYE, BYE + "?x=1"))
HINT = Hint("u-1", "web-1")


def asked(**values: str) -> LogoutRequest:
    request = parse(from_pairs(values.items()))
    assert isinstance(request, LogoutRequest)
    return request


@pytest.mark.parametrize(
    ("request_", "hint", "client", "expected"),
    [
        (asked(), None, None, Logout()),
        (asked(state="s"), None, None, Logout()),
        (asked(id_token_hint="t"), HINT, CLIENT, Logout("web-1", "u-1", "", ask=False)),
        (asked(client_id="web-1"), None, CLIENT, Logout("web-1", "", "", ask=True)),
        (
            asked(id_token_hint="t", post_logout_redirect_uri=BYE),
            HINT, CLIENT, Logout("web-1", "u-1", BYE, ask=False),
        ),
        (
            asked(id_token_hint="t", post_logout_redirect_uri=BYE, state="a b"),
            HINT, CLIENT, Logout("web-1", "u-1", BYE + "?state=a+b", ask=False),
        ),
        (
            asked(id_token_hint="t", client_id="web-1", state="s",
                  post_logout_redirect_uri=BYE + "?x=1"),
            HINT, CLIENT, Logout("web-1", "u-1", BYE + "?x=1&state=s", ask=False),
        ),
        (
            asked(client_id="web-1", post_logout_redirect_uri=BYE),
            None, CLIENT, Logout("web-1", "", BYE, ask=True),
        ),
    ],
)  # fmt: skip
def test_a_right_request_is_allowed(
    request_: LogoutRequest, hint: Hint | None, client: ClientView | None, expected: Logout
) -> None:
    assert evaluate(request_, hint=hint, client=client) == expected


@pytest.mark.parametrize(
    ("request_", "hint", "client", "code"),
    [
        (asked(id_token_hint="bad"), None, None, "hint_invalid"),
        (asked(id_token_hint="t", client_id="web-2"), HINT, None, "client_mismatch"),
        (asked(client_id="nobody"), None, None, "client_unknown"),
        (asked(id_token_hint="t"), HINT, None, "client_unknown"),
        (asked(post_logout_redirect_uri=BYE), None, None, "redirect_without_client"),
        (
            asked(id_token_hint="t", post_logout_redirect_uri=BYE + "?foo=bar"),
            HINT, CLIENT, "redirect_uri_mismatch",
        ),
        (
            asked(id_token_hint="t", post_logout_redirect_uri="https://evil.example/"),
            HINT, CLIENT, "redirect_uri_mismatch",
        ),
    ],
)  # fmt: skip
def test_a_wrong_request_is_shown_on_a_page(
    request_: LogoutRequest, hint: Hint | None, client: ClientView | None, code: str
) -> None:
    assert evaluate(request_, hint=hint, client=client) == LogoutError(code)  # type: ignore[arg-type]


def test_a_repeated_parameter_is_refused() -> None:
    assert parse(from_pairs([("state", "a"), ("state", "b")])) == LogoutError("parameter_repeated")


def test_the_client_is_the_one_named_or_the_one_of_the_hint() -> None:
    assert client_id_of(asked(), None) == ""
    assert client_id_of(asked(), HINT) == "web-1"
    assert client_id_of(asked(client_id="web-2"), HINT) == "web-2"


@given(
    st.dictionaries(
        st.sampled_from(["id_token_hint", "client_id", "post_logout_redirect_uri", "state"]),
        st.text(),
    )
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(values: dict[str, str]) -> None:
    for hint, client in ((None, None), (HINT, CLIENT), (None, CLIENT)):
        result = evaluate(asked(**values), hint=hint, client=client)
        if isinstance(result, Logout) and result.location:
            assert values["post_logout_redirect_uri"] in CLIENT.logout_redirect_uris
