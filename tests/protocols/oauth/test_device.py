"""Signing a device in: the request, the codes, and what becomes of a question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import device, token
from hospes.protocols.oauth.clients import ApplicationType, ClientView
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.device import DEVICE, DeviceRequest, DeviceView, decide
from hospes.protocols.oauth.grants.polling import Wait
from hospes.protocols.oauth.issuing import Allowed, Denied
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.parameters import Parameters, from_pairs

NOW = 1_000_000
NOTHING = Parameters({})
TV = ClientView("tv-1", "mobile", options=ClientOptions(further_grant_types=(DEVICE,)))
OPEN = DeviceView(
    client_id="tv-1",
    expires_at=NOW + 600,
    used_at=None,
    polled_at=None,
    interval=5,
    refused=False,
    has_grant=False,
    grant_revoked_at=None,
    account_state="",
)
APPROVED = replace(OPEN, has_grant=True, account_state="active")


def sent(client: ClientView = TV, /, **changes: Any) -> frozenset[str]:
    body = from_pairs({"client_id": "tv-1", "scope": "openid email", **changes}.items())
    return device.check(device.parse("", body, query=NOTHING), client)


# ---- the request -----------------------------------------------------------------------------


@pytest.mark.standard("RFC 8628", "3.1")
def test_known_scopes_are_taken_and_others_passed_over() -> None:
    assert sent() == {"openid", "email"}
    assert sent(scope="openid nonsense offline_access") == {"openid", "offline_access"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"scope": 'openid "'}, "invalid_scope"),
        ({"client_id": ""}, "invalid_client"),
    ],
)
def test_faults_of_a_request(changes: dict[str, str], code: str) -> None:
    with pytest.raises(OAuthError) as refused:
        sent(**changes)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["web", "server", "mobile", "other"])
def test_only_who_has_the_grant_may_ask(kind: ApplicationType) -> None:
    with pytest.raises(OAuthError) as refused:
        sent(ClientView("tv-1", kind))
    assert refused.value.code == "unauthorized_client"


def test_parameters_in_the_address_are_refused() -> None:
    query = from_pairs([("scope", "openid")])
    with pytest.raises(OAuthError) as refused:
        device.parse("", from_pairs([("client_id", "tv-1")]), query=query)
    assert refused.value.code == "invalid_request"


# ---- the code that people type ---------------------------------------------------------------


@pytest.mark.standard("RFC 8628", "6.1")
@given(st.binary(min_size=device.USER_CODE_BYTES, max_size=device.USER_CODE_BYTES))
def test_a_code_comes_back_however_it_is_typed(chance: bytes) -> None:
    code = device.user_code(chance)
    assert len(code) == 8
    assert not set(code) & set("AEIOUY0123456789")
    shown = device.shown(code)
    assert (shown[4], len(shown)) == ("-", 9)
    for text in (
        code,
        shown,
        shown.lower(),
        f"  {shown} ",
        f"{code[:4]} {code[4:]}",
        f"{code[:4]}\u2013{code[4:]}",
        " ".join(code.lower()),
    ):
        assert device.typed(text) == code


def test_every_letter_is_drawn() -> None:
    drawn = {device.user_code(number.to_bytes(16, "big")) for number in range(20)}
    assert {code[0] for code in drawn} == set(device.LETTERS)


@pytest.mark.parametrize(
    "text",
    ["", "BCDF", "BCDF-GHJKL", "BCDF-GHJA", "BCDF-GHJ1", "BCDF/GHJK", "ßCDFGHJK", "B" * 9000],
)
def test_what_is_no_code(text: str) -> None:
    assert device.typed(text) == ""


@pytest.mark.standard("RFC 8628", "3.2")
def test_the_answer() -> None:
    body = device.Begun("d" * 43, "BCDFGHJK", 600).body("https://i.example")
    assert body == {
        "device_code": "d" * 43,
        "user_code": "BCDF-GHJK",
        "verification_uri": "https://i.example/device",
        "verification_uri_complete": "https://i.example/device?user_code=BCDF-GHJK",
        "expires_in": 600,
        "interval": 5,
    }


# ---- asking ----------------------------------------------------------------------------------


def error(request: DeviceView | None, client: ClientView = TV, now: int = NOW) -> str:
    decision = decide(client, request, now=now)
    assert isinstance(decision, Denied | Wait), decision
    return decision.error.code


@pytest.mark.standard("RFC 8628", "3.5")
@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (OPEN, "authorization_pending"),
        (None, "invalid_grant"),
        (replace(OPEN, client_id="tv-2"), "invalid_grant"),
        (replace(APPROVED, client_id="tv-2"), "invalid_grant"),
        (replace(APPROVED, used_at=NOW - 1), "invalid_grant"),
        (replace(OPEN, expires_at=NOW), "expired_token"),
        (replace(APPROVED, expires_at=NOW), "expired_token"),
        (replace(OPEN, refused=True), "access_denied"),
        (replace(APPROVED, grant_revoked_at=NOW - 1), "access_denied"),
        (replace(APPROVED, account_state="locked"), "access_denied"),
        (replace(APPROVED, refused=True), "access_denied"),
    ],
)
def test_what_a_device_is_told(request_: DeviceView | None, code: str) -> None:
    assert error(request_) == code


def test_a_yes_is_told_at_once() -> None:
    assert isinstance(decide(TV, replace(APPROVED, polled_at=NOW - 1), now=NOW), Allowed)


def test_who_no_longer_has_the_grant_gets_nothing() -> None:
    assert error(APPROVED, ClientView("tv-1", "mobile")) == "unauthorized_client"


@pytest.mark.standard("RFC 8628", "3.5")
def test_hasty_questions_slow_the_device_down() -> None:
    view, seen = OPEN, []
    for _ in range(14):
        view = replace(view, polled_at=NOW)
        decision = decide(TV, view, now=NOW + 1)
        assert isinstance(decision, Wait)
        seen.append((decision.error.code, decision.interval))
        view = replace(view, interval=decision.interval)
    assert seen[:3] == [("slow_down", 10), ("slow_down", 15), ("slow_down", 20)]
    assert seen[-1] == ("slow_down", 60)
    patient = decide(TV, replace(OPEN, polled_at=NOW - 5), now=NOW)
    assert isinstance(patient, Wait)
    assert (patient.error.code, patient.interval) == ("authorization_pending", 5)


def test_the_token_request() -> None:
    body = from_pairs({"grant_type": DEVICE, "device_code": "d", "client_id": "tv-1"}.items())
    read = token.parse("", body, query=NOTHING)
    assert isinstance(read, DeviceRequest)
    assert read.device_code == "d"
    assert "device_code" in token.NAMES
    with pytest.raises(OAuthError) as refused:
        token.parse(
            "", from_pairs({"grant_type": DEVICE, "client_id": "tv-1"}.items()), query=NOTHING
        )
    assert refused.value.code == "invalid_request"
