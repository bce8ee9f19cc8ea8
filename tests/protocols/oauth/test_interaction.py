from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from hospes.protocols.oauth import claims_request
from hospes.protocols.oauth.authorize import NO_CLAIMS, RedirectError, Validated
from hospes.protocols.oauth.claims_request import Asked, ClaimsRequest
from hospes.protocols.oauth.interaction import Progress, SignedIn, Step, decide
from hospes.protocols.oauth.step_up import SecondFactor

NOW = 1_000_000
ADA = SignedIn("ada", NOW - 600)
FRESH = SignedIn("ada", NOW)
ALL = frozenset({"openid", "email"})
ASKED = Progress(asked_at=NOW - 5)


def request(*prompt: str, max_age: int | None = None, claims: str = "{}") -> Validated:
    return Validated(
        "web-1",
        "https://app.example/cb",
        ("openid", "email"),
        state="s1",
        prompt=frozenset(prompt),  # type: ignore[arg-type]
        max_age=max_age,
        claims=claims_request.read(claims),
    )


@pytest.mark.parametrize(
    ("asked", "person", "consented", "hint", "progress", "step"),
    [
        (request(), None, ALL, "", ASKED, Step.SIGN_IN),
        (request(), ADA, ALL, "", ASKED, Step.ANSWER),
        (request(), ADA, frozenset(), "", ASKED, Step.CONSENT),
        (request(), ADA, frozenset({"openid"}), "", ASKED, Step.CONSENT),
        (request(), ADA, ALL | {"phone"}, "", ASKED, Step.ANSWER),
        (request(), ADA, frozenset(), "", Progress(NOW - 5, consent_given=True), Step.ANSWER),
        (request("login"), ADA, ALL, "", ASKED, Step.CONFIRM_IDENTITY),
        (request("login"), FRESH, ALL, "", ASKED, Step.ANSWER),
        (request("login"), None, ALL, "", ASKED, Step.SIGN_IN),
        (request("select_account"), ADA, ALL, "", ASKED, Step.CHOOSE_ACCOUNT),
        (
            request("select_account"), ADA, ALL, "", Progress(NOW, account_chosen=True),
            Step.ANSWER,
        ),
        (request("consent"), ADA, ALL, "", ASKED, Step.CONSENT),
        (request("consent"), ADA, ALL, "", Progress(NOW - 5, consent_given=True), Step.ANSWER),
        (request(max_age=600), ADA, ALL, "", ASKED, Step.ANSWER),
        (request(max_age=599), ADA, ALL, "", ASKED, Step.CONFIRM_IDENTITY),
        (request(max_age=0), FRESH, ALL, "", Progress(NOW - 100), Step.ANSWER),
        (request(), ADA, ALL, "ada", ASKED, Step.ANSWER),
        (request(), ADA, ALL, "bob", ASKED, Step.CHOOSE_ACCOUNT),
        (request("login", "consent"), ADA, ALL, "", ASKED, Step.CONFIRM_IDENTITY),
        (request("login", "consent"), FRESH, ALL, "", ASKED, Step.CONSENT),
    ],
)  # fmt: skip
def test_the_next_step_is_the_first_thing_that_is_missing(  # noqa: PLR0917 - the table's columns
    asked: Validated,
    person: SignedIn | None,
    consented: frozenset[str],
    hint: str,
    progress: Progress,
    step: Step,
) -> None:
    assert (
        decide(asked, progress, person=person, consented=consented, hinted_subject=hint, now=NOW)
        is step
    )


@pytest.mark.parametrize(
    ("asked", "person", "consented", "hint", "code"),
    [
        (request("none"), None, ALL, "", "login_required"),
        (request("none", max_age=1), ADA, ALL, "", "login_required"),
        (request("none"), ADA, ALL, "bob", "login_required"),
        (request("none"), ADA, frozenset(), "", "consent_required"),
    ],
)
def test_prompt_none_answers_with_an_error_instead_of_a_page(
    asked: Validated,
    person: SignedIn | None,
    consented: frozenset[str],
    hint: str,
    code: str,
) -> None:
    result = decide(asked, ASKED, person=person, consented=consented, hinted_subject=hint, now=NOW)
    assert isinstance(result, RedirectError)
    assert (result.code, result.state) == (code, "s1")


def test_prompt_none_answers_at_once_where_nothing_is_missing() -> None:
    assert decide(request("none"), ASKED, person=ADA, consented=ALL, now=NOW) is Step.ANSWER


NAMES_ADA = '{"id_token":{"sub":{"value":"ada"}}}'
NAMES_BOB = '{"userinfo":{"sub":{"values":["bob","eve"]}}}'
ASKS_PHONE = '{"id_token":{"phone_number":null}}'


@pytest.mark.parametrize(
    ("claims", "consented", "hint", "step", "code"),
    [
        (NAMES_ADA, ALL, "", Step.ANSWER, None),
        (NAMES_ADA, ALL, "ada", Step.ANSWER, None),
        (NAMES_ADA, ALL, "bob", Step.CHOOSE_ACCOUNT, "login_required"),
        (NAMES_BOB, ALL, "", Step.CHOOSE_ACCOUNT, "login_required"),
        (NAMES_BOB, ALL, "ada", Step.CHOOSE_ACCOUNT, "login_required"),
        (ASKS_PHONE, ALL, "", Step.CONSENT, "consent_required"),
        (ASKS_PHONE, ALL | {"phone"}, "", Step.ANSWER, None),
    ],
)
def test_claims_name_persons_and_need_consent(
    claims: str, consented: frozenset[str], hint: str, step: Step, code: str | None
) -> None:
    def result(*prompt: str) -> Step | RedirectError:
        return decide(
            request(*prompt, claims=claims),
            ASKED,
            person=ADA,
            consented=consented,
            hinted_subject=hint,
            now=NOW,
        )

    assert result() is step
    silent = result("none")
    assert (silent.code if isinstance(silent, RedirectError) else None) == code


def acr(*values: str, essential: bool = True) -> str:
    return json.dumps({"id_token": {"acr": {"essential": essential, "values": values}}})


@pytest.mark.parametrize("prompt", [(), ("none",), ("consent",)])
@pytest.mark.parametrize(
    ("claims", "level", "met"),
    [
        (acr("2"), "1", False),
        (acr("urn:gold"), "2", False),
        (acr("2"), "2", True),
        (acr("2", "1"), "1", True),
        (acr("1"), "2", True),
        (acr("2", essential=False), "1", True),
        ('{"id_token":{"acr":{"essential":true}}}', "1", True),
    ],
)
def test_an_essential_context_is_met_or_the_sign_in_has_failed(
    prompt: tuple[str, ...], claims: str, level: str, *, met: bool
) -> None:
    person = SignedIn("ada", NOW - 600, level)
    result = decide(request(*prompt, claims=claims), ASKED, person=person, consented=ALL, now=NOW)
    if met:
        assert result is (Step.CONSENT if prompt == ("consent",) else Step.ANSWER)
    else:
        assert isinstance(result, RedirectError)
        assert (result.code, result.state) == ("unmet_authentication_requirements", "s1")


def test_who_has_to_sign_in_anyway_may_still_use_two_factors() -> None:
    asked = request("login", claims=acr("2"))
    assert decide(asked, ASKED, person=None, consented=ALL, now=NOW) is Step.SIGN_IN
    assert decide(asked, ASKED, person=ADA, consented=ALL, now=NOW) is Step.CONFIRM_IDENTITY


CAN = SecondFactor(possible=True)
CANNOT = SecondFactor()
PROVED = SecondFactor(NOW - 600, possible=True)
JUST_PROVED = SecondFactor(NOW, since_asked=True, possible=True)
WISH = ("2",)


def wanting(
    acr_values: tuple[str, ...] = (), essential: tuple[str, ...] = (), **more: Any
) -> Validated:
    claims = ClaimsRequest(id_token=(Asked("acr", True, essential),)) if essential else NO_CLAIMS
    return replace(request(**more), acr_values=acr_values, claims=claims)


@pytest.mark.parametrize(
    ("asked", "second", "step"),
    [
        (wanting(), CAN, Step.ANSWER),
        (wanting(WISH), CAN, Step.SECOND_FACTOR),
        (wanting(WISH), CANNOT, Step.ANSWER),
        (wanting(WISH), PROVED, Step.ANSWER),
        (wanting(WISH, max_age=599), PROVED, Step.SECOND_FACTOR),
        (wanting(WISH, max_age=0), JUST_PROVED, Step.ANSWER),
        (wanting(essential=("2",)), CAN, Step.SECOND_FACTOR),
        (wanting(essential=("2",)), PROVED, Step.ANSWER),
        (wanting(essential=("1", "2")), CAN, Step.ANSWER),
    ],
)
def test_a_second_factor_is_asked_for_where_it_is_wanted_and_possible(
    asked: Validated, second: SecondFactor, step: Step
) -> None:
    person = SignedIn("ada", NOW, "2" if second.at else "1", second)
    assert decide(asked, ASKED, person=person, consented=ALL, now=NOW) is step


@pytest.mark.parametrize(
    ("asked", "second", "code"),
    [
        (wanting(essential=("2",)), CANNOT, "unmet_authentication_requirements"),
        (wanting(essential=("urn:other",)), CAN, "unmet_authentication_requirements"),
    ],
)
def test_what_cannot_be_reached_is_refused(
    asked: Validated, second: SecondFactor, code: str
) -> None:
    for consented in (ALL, frozenset[str]()):
        result = decide(
            asked, ASKED, person=SignedIn("ada", NOW, "1", second), consented=consented, now=NOW
        )
        assert isinstance(result, RedirectError)
        assert result.code == code


def test_prompt_none_shows_no_page_for_a_second_factor() -> None:
    asked = replace(request("none"), acr_values=WISH)
    person = SignedIn("ada", NOW, "1", CAN)
    result = decide(asked, ASKED, person=person, consented=ALL, now=NOW)
    assert isinstance(result, RedirectError)
    assert result.code == "interaction_required"
