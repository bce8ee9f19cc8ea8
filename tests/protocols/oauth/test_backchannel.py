"""Asking a person on the phone: what a request may say, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import backchannel, token
from hospes.protocols.oauth.backchannel import (
    NAMES,
    Question,
    check,
    lifetime,
    parse,
    refusal,
)
from hospes.protocols.oauth.clients import BACKCHANNEL, ApplicationType, ClientView
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.phone import (
    BackchannelRequest,
    RequestView,
    State,
    Wait,
    decide,
    state_of,
)
from hospes.protocols.oauth.issuing import Allowed, Denied
from hospes.protocols.oauth.parameters import Parameters, from_pairs

NOW = 1_000_000
NOTHING = Parameters({})
POLL = ClientView("web-1", "web", backchannel_mode="poll")
PING = replace(POLL, backchannel_mode="ping")
BODY = {
    "scope": "openid email",
    "login_hint": "Ada@Customer.example",
    "client_id": "web-1",
    "client_secret": "x",
}
OPEN = RequestView(
    client_id="web-1",
    expires_at=NOW + 100,
    used_at=None,
    polled_at=None,
    interval=5,
    challenge="open",
    has_grant=False,
    grant_revoked_at=None,
    account_state="active",
    phone_removed=False,
)
APPROVED = replace(OPEN, challenge="approved", has_grant=True)


def asked(client: ClientView = POLL, **changes: str) -> Question:
    return check(parse("", from_pairs({**BODY, **changes}.items()), query=NOTHING), client)


def refused(client: ClientView = POLL, **changes: str) -> str:
    with pytest.raises(OAuthError) as caught:
        asked(client, **changes)
    assert caught.value.description.isascii()
    return caught.value.code


# ---- asking ----------------------------------------------------------------------------------


def test_a_request_is_read() -> None:
    assert asked(binding_message="Till 7, W4", requested_expiry="60", acr_values="2 1") == Question(
        scopes=frozenset({"openid", "email"}),
        email="Ada@Customer.example",
        message="Till 7, W4",
        requested_seconds=60,
    )
    subject = "7f9c2ba4-e88f-427d-9a52-3bcd2a1e8f01"
    assert asked(login_hint=subject) == Question(frozenset({"openid", "email"}), subject=subject)
    hinted = asked(login_hint="", id_token_hint="e.y.J")
    assert (hinted.id_token_hint, hinted.subject, hinted.email) == ("e.y.J", "", "")


@pytest.mark.parametrize("kind", ["web", "server", "mobile", "other"])
@pytest.mark.parametrize("mode", ["", "poll", "ping"])
def test_only_who_can_keep_a_secret_and_switched_it_on_may_ask(
    kind: ApplicationType, mode: str
) -> None:
    client = replace(POLL, type=kind, backchannel_mode=mode)
    allowed = kind in {"web", "server"} and mode != ""
    assert client.may_use(BACKCHANNEL) is allowed
    answer = decide(client, APPROVED, now=NOW)
    if allowed:
        assert asked(client, client_notification_token="t" * 22)
        assert isinstance(answer, Allowed)
    else:
        assert refused(client) == "unauthorized_client"
        assert isinstance(answer, Denied)
        assert (answer.error.code, answer.revoke) == ("unauthorized_client", False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"scope": "OpenID"}, "invalid_scope"),
        ({"scope": 'openid "x"'}, "invalid_scope"),
        ({"login_hint": ""}, "invalid_request"),
        ({"login_hint": "  "}, "invalid_request"),
        ({"login_hint": "a" * 8193}, "invalid_request"),
        ({"id_token_hint": "e.y.J"}, "invalid_request"),
        ({"login_hint_token": "t"}, "invalid_request"),
        ({"login_hint": "", "login_hint_token": "t"}, "invalid_request"),
        ({"user_code": "1234"}, "invalid_request"),
        ({"request": "e.y.J"}, "invalid_request"),
        ({"requested_expiry": "0"}, "invalid_request"),
        ({"requested_expiry": "-1"}, "invalid_request"),
        ({"requested_expiry": "1.5"}, "invalid_request"),
        ({"requested_expiry": "\u0661\u0662"}, "invalid_request"),
        ({"requested_expiry": "9" * 10}, "invalid_request"),
        ({"binding_message": "x" * 101}, "invalid_binding_message"),
        ({"binding_message": "two\nlines"}, "invalid_binding_message"),
        ({"binding_message": "turned\u202eround"}, "invalid_binding_message"),
        ({"binding_message": "un\u200bseen"}, "invalid_binding_message"),
        ({"binding_message": "line\u2028two"}, "invalid_binding_message"),
        ({"binding_message": " padded"}, "invalid_binding_message"),
    ],
)
def test_a_faulty_request_is_refused(changes: dict[str, str], code: str) -> None:
    assert refused(**changes) == code


@pytest.mark.parametrize(
    "message", ["x" * 100, "Zahlung 40 CHF an Blumen Müller", "W4SCT", "\u652f\u6255"]
)
def test_plain_messages_of_any_script_are_taken(message: str) -> None:
    assert asked(binding_message=message).message == message


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "invalid_request"),
        ("two words", "invalid_request"),
        ("t" * 1025, "invalid_request"),
        ("new\nline", "invalid_request"),
        ("caf\u00e9", "invalid_request"),
        ("trailing\n", "invalid_request"),
        ("t" * 1024, ""),
        ("8d67dc78-7faa-4d41-aabd-67707b374255", ""),
        ("a.b_c~d+e/f==", ""),
    ],
)
def test_a_ping_needs_a_bearer_token_to_prove_itself_with(sent: str, code: str) -> None:
    if code:
        assert refused(PING, client_notification_token=sent) == code
    else:
        assert asked(PING, client_notification_token=sent).notification_token == sent
    # Whoever polls has no use for it.
    assert asked(POLL, client_notification_token=sent).notification_token == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_that_comes_twice_or_in_the_address_is_refused(name: str) -> None:
    twice = from_pairs([*BODY.items(), (name, "a"), (name, "a")])
    for body, query in ((twice, NOTHING), (from_pairs(BODY.items()), Parameters({name: "a"}))):
        with pytest.raises(OAuthError) as caught:
            parse("", body, query=query)
        assert caught.value.code == "invalid_request"


def test_what_was_sent_is_not_shown_by_a_traceback() -> None:
    sent = parse(
        "", from_pairs({**BODY, "client_notification_token": "hush"}.items()), query=NOTHING
    )
    assert "hush" not in repr(sent)
    assert "hush" not in repr(check(sent, PING))
    assert "hush" not in repr(backchannel.Accepted("hush", 1, 1))


@pytest.mark.parametrize(
    ("requested", "longest", "seconds"),
    [
        (None, 300, 300),
        (60, 300, 60),
        (1, 300, 30),
        (301, 300, 300),
        (10**9, 900, 900),
        (1, 20, 20),
    ],
)
def test_a_request_lives_as_long_as_is_asked_within_bounds(
    requested: int | None, longest: int, seconds: int
) -> None:
    assert lifetime(requested, longest=longest) == seconds


def test_a_denial_is_forbidden_here_and_a_bad_request_at_the_token_endpoint() -> None:
    denied = OAuthError("access_denied", "No.")
    assert refusal(denied).status == 403
    assert denied.answer().status == 400
    assert refusal(denied).body == denied.answer().body
    assert refusal(backchannel.unknown_person()).status == 400
    assert refusal(OAuthError("invalid_client", "No.")).status == 401


# ---- fetching --------------------------------------------------------------------------------

CHALLENGES = ("", "open", "approved", "refused", "mismatched", "expired", "withdrawn")


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_only_a_yes_that_still_holds_gives_tokens(challenge: str) -> None:
    """Every combination of what may have happened between the YES and the application's call."""
    for used, late, grant, revoked, account, phone in product(
        (None, NOW - 1),
        (False, True),
        (False, True),
        (None, NOW - 1),
        ("active", "locked", "deleted"),
        (False, True),
    ):
        view = RequestView(
            "web-1",
            NOW if late else NOW + 1,
            used,
            None,
            5,
            challenge,
            grant,
            revoked,
            account,
            phone,
        )
        holds = grant and revoked is None and account == "active" and not phone
        state = state_of(view, now=NOW)
        fine = challenge == "approved" and holds and used is None and not late
        assert (state is State.APPROVED) is fine, view
        assert isinstance(decide(POLL, view, now=NOW), Allowed) is fine, view
        if used:
            assert state is State.USED
        elif late or challenge == "expired":
            assert state is State.EXPIRED
        elif challenge == "open" and account == "active":
            assert state is State.WAITING
        elif not fine:
            assert state is State.REFUSED


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (None, "invalid_grant"),
        (replace(APPROVED, client_id="web-2"), "invalid_grant"),
        (replace(APPROVED, used_at=NOW), "invalid_grant"),
        (replace(APPROVED, expires_at=NOW), "expired_token"),
        (replace(OPEN, expires_at=NOW), "expired_token"),
        (replace(OPEN, challenge="refused"), "access_denied"),
        (replace(OPEN, challenge="withdrawn"), "access_denied"),
        (replace(OPEN, account_state="locked"), "access_denied"),
        (replace(APPROVED, has_grant=False), "access_denied"),
        (replace(APPROVED, phone_removed=True), "access_denied"),
        (replace(APPROVED, grant_revoked_at=NOW), "access_denied"),
    ],
)
def test_each_refusal_has_its_code_and_ends_nothing_else(
    view: RequestView | None, code: str
) -> None:
    answer = decide(POLL, view, now=NOW)
    assert isinstance(answer, Denied)
    assert (answer.error.code, answer.revoke) == (code, False)


def test_somebody_elses_request_is_answered_like_one_that_nobody_knows() -> None:
    for state in CHALLENGES:
        theirs = decide(POLL, replace(OPEN, client_id="web-2", challenge=state), now=NOW)
        nobodys = decide(POLL, None, now=NOW)
        assert isinstance(theirs, Denied)
        assert isinstance(nobodys, Denied)
        assert str(theirs.error) == str(nobodys.error)


@pytest.mark.parametrize(
    ("polled", "interval", "code", "then"),
    [
        (None, 5, "authorization_pending", 5),
        (NOW - 5, 5, "authorization_pending", 5),
        (NOW - 4, 5, "slow_down", 10),
        (NOW, 5, "slow_down", 10),
        (NOW - 9, 10, "slow_down", 15),
        (NOW - 10, 10, "authorization_pending", 10),
        (NOW, 58, "slow_down", 60),
        (NOW, 60, "slow_down", 60),
    ],
)
def test_whoever_asks_too_often_has_to_wait_longer(
    polled: int | None, interval: int, code: str, then: int
) -> None:
    answer = decide(POLL, replace(OPEN, polled_at=polled, interval=interval), now=NOW)
    assert isinstance(answer, Wait)
    assert (answer.error.code, answer.interval) == (code, then)


def test_an_answer_that_is_there_is_given_however_often_was_asked() -> None:
    assert isinstance(decide(POLL, replace(APPROVED, polled_at=NOW), now=NOW), Allowed)


@given(st.text(max_size=120), st.text(max_size=40), st.text(max_size=12))
def test_whatever_is_sent_is_taken_or_refused(message: str, hint: str, expiry: str) -> None:
    question, code = None, ""
    try:
        question = asked(binding_message=message, login_hint=hint, requested_expiry=expiry)
    except OAuthError as error:
        code = error.code
    if question is None:
        assert code in {"invalid_request", "invalid_binding_message"}
        return
    assert len(question.message) <= 100
    assert "\n" not in question.message
    assert bool(question.email) is not bool(question.subject)
    assert question.requested_seconds is None or question.requested_seconds > 0


def test_the_token_request_is_read() -> None:
    body = {"grant_type": BACKCHANNEL, "client_id": "web-1", "client_secret": "x"}
    read = token.parse("", from_pairs({**body, "auth_req_id": "a1"}.items()), query=NOTHING)
    assert isinstance(read, BackchannelRequest)
    assert read.auth_req_id == "a1"
    assert "a1" not in repr(read)
    with pytest.raises(OAuthError) as caught:
        token.parse("", from_pairs(body.items()), query=NOTHING)
    assert caught.value.code == "invalid_request"
