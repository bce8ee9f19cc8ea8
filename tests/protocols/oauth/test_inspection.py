from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hospes.protocols.oauth.bearer import TokenView
from hospes.protocols.oauth.clients import ClientView, Credentials
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.id_token import Authentication
from hospes.protocols.oauth.inspection import (
    PasswordFacts,
    TokenFacts,
    TokenQuestion,
    ends,
    introspection,
    parse,
    password_introspection,
    refuse_public,
)
from hospes.protocols.oauth.parameters import Parameters, from_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = 1_000_000
NOTHING = Parameters({})
VIEW = TokenView("openid", NOW + 60, None, None, "active")
FACTS = TokenFacts("access", "web-1", 7, NOW - 1, "ada", VIEW)
BODY = [("token", "t"), ("client_id", "web-1"), ("client_secret", "x")]


def told(facts: TokenFacts | None, organization: int = 7) -> dict[str, object]:
    return introspection(facts, organization=organization, issuer="https://i.example", now=NOW)


def test_a_question_is_read() -> None:
    asked = parse("", from_pairs([*BODY, ("token_type_hint", "whatever")]), query=NOTHING)
    assert asked == TokenQuestion(Credentials("web-1", "client_secret_post", "x"), "t")


@pytest.mark.parametrize(
    ("body", "query", "code"),
    [
        (BODY[1:], NOTHING, "invalid_request"),
        ([*BODY, ("token", "u")], NOTHING, "invalid_request"),
        (BODY, Parameters({"token": "t"}), "invalid_request"),
        (BODY[:1], NOTHING, "invalid_client"),
    ],
)
def test_a_faulty_question_is_refused(
    body: Iterable[tuple[str, str]], query: Parameters, code: str
) -> None:
    with pytest.raises(OAuthError) as refused:
        parse("", from_pairs(body), query=query)
    assert refused.value.code == code


def test_a_living_token_is_told_of() -> None:
    assert told(FACTS) == {
        "active": True,
        "client_id": "web-1",
        "iss": "https://i.example",
        "iat": NOW - 1,
        "sub": "ada",
        "token_type": "Bearer",
        "scope": "openid",
        "exp": NOW + 60,
    }


def test_a_machine_is_its_own_subject_and_a_refresh_token_is_no_bearer() -> None:
    machine = told(replace(FACTS, subject="", view=replace(VIEW, scope="", expires_at=None)))
    assert machine["sub"] == "web-1"
    assert not {"scope", "exp"} & machine.keys()
    assert "token_type" not in told(replace(FACTS, kind="refresh"))


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEW, expires_at=NOW),
        replace(VIEW, revoked_at=NOW),
        replace(VIEW, rotated_at=NOW),
        replace(VIEW, grant_revoked_at=NOW),
        replace(VIEW, account_state="locked"),
    ],
)
def test_of_a_dead_one_nothing_is_told(view: TokenView) -> None:
    assert told(replace(FACTS, view=view)) == {"active": False}


def test_others_learn_nothing() -> None:
    assert told(FACTS, organization=8) == told(None) == {"active": False}


@pytest.mark.parametrize(
    ("facts", "client_id", "what"),
    [
        (FACTS, "web-1", "token"),
        (replace(FACTS, kind="refresh"), "web-1", "grant"),
        (FACTS, "web-2", ""),
        (None, "web-1", ""),
    ],
)
def test_what_a_revocation_ends(facts: TokenFacts | None, client_id: str, what: str) -> None:
    assert ends(facts, client_id=client_id) == what


def test_who_has_no_secret_does_not_introspect() -> None:
    refuse_public(ClientView("web-1", "web"))
    with pytest.raises(OAuthError, match="invalid_client"):
        refuse_public(ClientView("m", "mobile"))


def test_a_resource_sees_how_and_when_the_person_signed_in() -> None:
    """RFC 9470 §6.2."""
    proof = Authentication("ada", NOW - 300, ("mfa", "otp", "pwd"))
    facts = replace(FACTS, proof=proof)
    assert told(facts).items() >= {"acr": "2", "auth_time": NOW - 300}.items()
    plain = replace(FACTS, proof=replace(proof, amr=("pwd",)))
    assert told(plain)["acr"] == "1"


def test_a_machine_s_token_tells_of_no_sign_in() -> None:
    for facts in (FACTS, replace(FACTS, subject="", proof=Authentication("", None))):
        assert not {"acr", "auth_time"} & told(facts).keys()


PASSWORD = PasswordFacts("ada", "ada@customer.example", NOW - 5, None, "active")
TRUSTED = ClientView("mail-1", "other", accepts_application_passwords=True)


def told_of_password(
    password: PasswordFacts | None, client: ClientView = TRUSTED
) -> dict[str, object]:
    return password_introspection(password, client=client, issuer="https://i.example")


def test_a_trusted_application_is_told_of_a_password() -> None:
    assert told_of_password(PASSWORD) == {
        "active": True,
        "iss": "https://i.example",
        "iat": NOW - 5,
        "sub": "ada",
        "username": "ada@customer.example",
        "scope": "application_password",
    }


@pytest.mark.parametrize(
    "password",
    [
        None,
        replace(PASSWORD, revoked_at=NOW - 1),
        replace(PASSWORD, account_state="locked"),
        replace(PASSWORD, account_state="deleted"),
        replace(PASSWORD, username=""),
    ],
)
def test_a_password_that_is_not_right_is_not_told_of(password: PasswordFacts | None) -> None:
    assert told_of_password(password) == {"active": False}


def test_nobody_is_trusted_unless_it_was_said() -> None:
    assert told_of_password(PASSWORD, ClientView("web-1", "web")) == {"active": False}


@pytest.mark.standard("RFC 7662", "2.2")
def test_a_person_is_named_where_the_address_may_be_known() -> None:
    known = replace(FACTS, username="ada@shop.example")
    reads = replace(known, view=replace(VIEW, scope="openid email"))
    assert told(reads)["username"] == "ada@shop.example"
    for other in (
        known,
        replace(known, view=replace(VIEW, scope="openid emails")),
        replace(reads, kind="refresh"),
        replace(reads, username=""),
    ):
        assert "username" not in told(other)
