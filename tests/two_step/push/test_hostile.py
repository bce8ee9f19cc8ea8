"""Whatever is sent to the endpoints of phones: an answer in the frame, and nothing changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from two_step.push.waiting import begin

from hospes.foundation import counters
from hospes.identity.models import Authenticator, AuthenticatorLink, Challenge, Method
from hospes.identity.services.two_step import links
from hospes.kit.origin import SYSTEM
from support.phones import Phone, give_phone

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from support.site import Site

# Names that mean something, with values of every kind.
NAMES = st.sampled_from(
    ["token", "code", "public_key", "device", "push", "endpoint", "keys", "p256dh", "auth", "kty",
     "crv", "x", "y", "name", "brand", "type", "locale", "number", "signature", "app_version"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(),
        st.sampled_from(["EC", "P-256", "A" * 43, "A" * 86, "\ud800", "47", "phone", "\0"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=12,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(NAMES, VALUES, max_size=8).map(lambda found: json.dumps(found).encode()),
)


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


def rows() -> list[Any]:
    tables = (Method, Authenticator, AuthenticatorLink, Challenge)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    target=st.sampled_from(
        ["POST 2fa/link", "POST 2fa/link/preview", "PATCH challenge", "PATCH 1/devices/current"]
    ),
    body=BODIES,
)
def test_no_body_breaks_the_endpoints(
    site: Site, account: Account, target: str, body: bytes
) -> None:
    phone, path, link = _waiting(site, account)
    counters.forget()
    before = rows()
    method, _, name = target.partition(" ")
    answer = phone.site.client.request(
        method,
        f"/api/{path if name == 'challenge' else name}",
        content=body,
        headers={"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"},
    )
    assert answer.status_code < 500
    told = answer.json()
    if answer.status_code == 200:
        # Only a device's own description can be right by chance.
        assert name == "1/devices/current"
        return
    assert told["result"] == "error"
    assert told["error"]["code"]
    assert link.token not in answer.text
    assert rows() == before


_kept: dict[str, tuple[Phone, str, links.Invitation]] = {}


def _waiting(site: Site, account: Account) -> tuple[Phone, str, links.Invitation]:
    """Return a phone that is asked something, made once for all examples."""
    if account.public_id not in _kept:
        phone = give_phone(account)
        asked = begin(site, account)
        invitation = links.begin(account, browser=None, origin=SYSTEM)
        path = f"2fa/push/challenges/{asked.public_id}"
        _kept[account.public_id] = (phone, path, invitation)
    return _kept[account.public_id]


@settings(max_examples=80, deadline=None)
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=300))
def test_no_header_breaks_the_waiting(header: str) -> None:
    client = Phone().site.client
    sent = {"Authorization": header, "Cookie": header}
    state = client.get("/sign-in/verify/state", headers=sent)
    assert (state.status_code, state.json()) == (200, {"state": "gone", "expires_in": 0})
    phone = client.get("/api/2fa/push/challenges", headers=sent)
    assert (phone.status_code, phone.json()["error"]["code"]) == (401, "not_authorized")


@pytest.mark.parametrize("name", ["a", "x" * 36, "..%2f..", "%00", "{uuid}", "1;DROP"])
def test_a_challenge_that_is_no_name_is_nowhere(account: Account, name: str) -> None:
    phone = give_phone(account)
    assert phone.ask("PATCH", f"2fa/push/challenges/{name}", {}).status_code in {400, 404}
