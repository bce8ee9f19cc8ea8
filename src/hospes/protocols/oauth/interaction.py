"""What stands between a valid authorization request and its code (OpenID Connect Core §3.1.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hospes.protocols.oauth import step_up
from hospes.protocols.oauth.claims_request import acr_met
from hospes.protocols.oauth.step_up import Demand

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.protocols.oauth.authorize import RedirectError, Validated


NEVER = step_up.SecondFactor()


class Step(Enum):
    """What the person does next."""

    SIGN_IN = "sign_in"
    CONFIRM_IDENTITY = "confirm_identity"
    SECOND_FACTOR = "second_factor"
    SET_UP_TWO_STEP = "set_up_two_step"
    CHOOSE_ACCOUNT = "choose_account"
    CONSENT = "consent"
    ANSWER = "answer"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account now in use. ``auth_time``: when it last proved itself, seconds since 1970.

    ``acr`` is the context of that sign-in, as this request's ID token would tell it.
    ``lacks_two_step``: whoever stands behind the application requires it of this person.
    """

    subject: str
    auth_time: int
    acr: str = "1"
    second: step_up.SecondFactor = NEVER
    lacks_two_step: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What has happened since the request arrived at ``asked_at`` (seconds since 1970).

    It keeps ``prompt`` from being asked for again and again after it was answered.
    """

    asked_at: int
    account_chosen: bool = False
    consent_given: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the rules below look at."""

    request: Validated
    progress: Progress
    person: SignedIn | None
    consented: frozenset[str]
    hinted_subject: str
    now: int

    @property
    def proved_since_asked(self) -> bool:
        """Return whether the person signed in for this very request."""
        return self.person is not None and self.person.auth_time >= self.progress.asked_at

    @property
    def proof_too_old(self) -> bool:
        """Return whether ``max_age`` has passed since the sign-in."""
        max_age = self.request.max_age
        return (
            max_age is not None
            and self.person is not None
            and self.now - self.person.auth_time > max_age
        )

    @property
    def second_is_missing(self) -> bool:
        """Return whether two factors are wanted and the person can still prove the second one."""
        if self.person is None or self.request.level not in {Demand.VOLUNTARY, Demand.ESSENTIAL}:
            return False
        return self.person.second.possible and not step_up.is_fresh(
            self.person.second,
            prompt=self.request.prompt,
            max_age=self.request.max_age,
            now=self.now,
        )

    @property
    def another_person_is_meant(self) -> bool:
        """Return whether ``id_token_hint``, or ``sub`` in ``claims``, names somebody else."""
        return self.person is not None and not self.request.means(
            self.person.subject, hinted_subject=self.hinted_subject
        )

    @property
    def context_unmet(self) -> bool:
        """Return whether ``acr`` is essential and the sign-in is weaker (Core §5.5.1.1)."""
        demanded = self.request.claims.acr
        return bool(demanded) and self.person is not None and not acr_met(demanded, self.person.acr)


# In the order in which they are asked for; the first that holds is the next step. The text is
# what prompt=none answers instead of showing a page (OpenID Connect Core §3.1.2.6).
RULES: tuple[tuple[Step, Callable[[Situation], bool], str, str], ...] = (
    (Step.SIGN_IN, lambda at: at.person is None, "login_required", "nobody is signed in."),
    (
        Step.CHOOSE_ACCOUNT,
        lambda at: "select_account" in at.request.prompt and not at.progress.account_chosen,
        "account_selection_required",
        "the person has to choose an account.",
    ),
    (
        Step.CHOOSE_ACCOUNT,
        lambda at: at.another_person_is_meant,
        "login_required",
        "another account is signed in.",
    ),
    (
        Step.CONFIRM_IDENTITY,
        # A proof given for this very request counts, even with max_age=0.
        lambda at: ("login" in at.request.prompt or at.proof_too_old) and not at.proved_since_asked,
        "login_required",
        "the person signed in too long ago.",
    ),
    (
        Step.SECOND_FACTOR,
        lambda at: at.second_is_missing,
        "interaction_required",
        "a second factor has to be proved.",
    ),
    (
        Step.SET_UP_TWO_STEP,
        lambda at: at.person is not None and at.person.lacks_two_step,
        "interaction_required",
        "two-step verification has to be set up.",
    ),
    (
        # The account has no second factor: nothing that could be asked for now would reach it.
        Step.REFUSE,
        lambda at: at.context_unmet,
        "unmet_authentication_requirements",
        "the sign-in does not reach an acr that is essential.",
    ),
    (
        Step.CONSENT,
        lambda at: (
            ("consent" in at.request.prompt or not at.consented.issuperset(at.request.disclosed))
            and not at.progress.consent_given
        ),
        "consent_required",
        "the person has not allowed this yet.",
    ),
)


def decide(
    request: Validated,
    progress: Progress,
    *,
    person: SignedIn | None,
    consented: frozenset[str],
    hinted_subject: str = "",
    now: int,
) -> Step | RedirectError:
    """Return the next step, or the error where there is none or ``prompt=none`` forbids a page.

    ``consented`` holds the scopes this person allowed this application before.
    ``hinted_subject`` is the subject of a verified ``id_token_hint``.
    """
    situation = Situation(request, progress, person, consented, hinted_subject, now)
    for step, needed, code, text in RULES:
        if needed(situation):
            refused = step is Step.REFUSE or "none" in request.prompt
            return request.refuse(code, text) if refused else step
    return Step.ANSWER
