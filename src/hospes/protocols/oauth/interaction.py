"""What stands between a valid authorization request and its code (OpenID Connect Core §3.1.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hospes.protocols.oauth.authorize import RedirectError, Validated


class Step(Enum):
    """What the person does next."""

    SIGN_IN = "sign_in"
    CONFIRM_IDENTITY = "confirm_identity"
    CHOOSE_ACCOUNT = "choose_account"
    CONSENT = "consent"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account now in use. ``auth_time``: when it last proved itself, seconds since 1970."""

    subject: str
    auth_time: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What has happened since the request arrived at ``asked_at`` (seconds since 1970).

    It keeps ``prompt`` from being asked for again and again after it was answered.
    """

    asked_at: int
    account_chosen: bool = False
    consent_given: bool = False


def decide(
    request: Validated,
    progress: Progress,
    *,
    person: SignedIn | None,
    consented: frozenset[str],
    hinted_subject: str = "",
    now: int,
) -> Step | RedirectError:
    """Return the next step, or the error that ``prompt=none`` asks for instead of a page.

    ``consented`` holds the scopes this person allowed this application before.
    ``hinted_subject`` is the subject of a verified ``id_token_hint``.
    """
    step = _step(
        request, progress, person=person, consented=consented, hint=hinted_subject, now=now
    )
    if step is Step.ANSWER or "none" not in request.prompt:
        return step
    return _SILENT[step](request)


def _step(
    request: Validated,
    progress: Progress,
    *,
    person: SignedIn | None,
    consented: frozenset[str],
    hint: str,
    now: int,
) -> Step:
    if person is None:
        return Step.SIGN_IN
    if "select_account" in request.prompt and not progress.account_chosen:
        return Step.CHOOSE_ACCOUNT
    if hint and person.subject != hint:
        return Step.CHOOSE_ACCOUNT
    since_asked = person.auth_time >= progress.asked_at
    if "login" in request.prompt and not since_asked:
        return Step.CONFIRM_IDENTITY
    too_old = request.max_age is not None and now - person.auth_time > request.max_age
    # With max_age=0 the proof given for this very request counts (Core §3.1.2.1: like login).
    if too_old and not since_asked:
        return Step.CONFIRM_IDENTITY
    if "consent" in request.prompt and not progress.consent_given:
        return Step.CONSENT
    if not consented.issuperset(request.scope) and not progress.consent_given:
        return Step.CONSENT
    return Step.ANSWER


_SILENT = {
    Step.SIGN_IN: lambda request: request.refuse("login_required", "nobody is signed in."),
    Step.CONFIRM_IDENTITY: lambda request: request.refuse(
        "login_required", "the person signed in too long ago."
    ),
    Step.CHOOSE_ACCOUNT: lambda request: request.refuse(
        "login_required", "another account is signed in."
    ),
    Step.CONSENT: lambda request: request.refuse(
        "consent_required", "the person has not allowed this yet."
    ),
}
