"""Asking the account's phones whether it is their owner who signs in, and taking the answer.

An open challenge moves once (``protocols/push/challenges``): every move is one guarded UPDATE, so
of two answers at the same time one wins and the other is told.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from hospes.foundation import clock, numbers
from hospes.foundation.gateways import geoip
from hospes.foundation.services import audit, jobs, outbox
from hospes.identity.domain import throttling
from hospes.identity.models import Account, Challenge, Method, SignInStep
from hospes.identity.services import security_notices
from hospes.identity.services.two_step import phones
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import SYSTEM, Origin
from hospes.protocols.push import answers
from hospes.protocols.push import challenges as rules
from hospes.protocols.push.challenges import ChallengeView, Move, State

if TYPE_CHECKING:
    from hospes.identity.models import Authenticator

NONCE_BYTES = 32
LEAST_NUMBER, NUMBERS = 10, 90
TELL_PHONE = "identity.tell_phone_of_challenge"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a phone answers to the challenge ``uuid``; ``number`` is what its owner typed."""

    uuid: str
    signature: str
    number: str = ""


# ---- asking ----------------------------------------------------------------------------------


def latest(step: SignInStep) -> Challenge | None:
    """Return the newest challenge of a sign-in."""
    return Challenge.objects.filter(step=step).order_by("-pk").first()


def present_state(challenge: Challenge) -> State:
    """Return where the challenge stands now."""
    return rules.present(_view(challenge), now=clock.timestamp())


def minutes_without(account: Account, *, applications_too: bool = False) -> int:
    """Return for how many minutes the phones are not asked any more, 0 while they are.

    Too many challenges were refused or left unanswered: somebody who knows the password may hope
    that the owner gives in. Whose sign-in was finished in another way does not count. For a
    sign-in those of applications do not count either: none keeps an owner from signing in.
    """
    most = numbers.get("identity.push_open_refusals")
    window = _window()
    moments = list(
        _unanswered(account, since=clock.now() - window, applications_too=applications_too)
        .order_by("-created_at")
        .values_list("created_at", flat=True)[:most]
    )
    if rules.has_room(len(moments), most):
        return 0
    frees = moments[-1] + window - clock.now()
    return throttling.minutes_to_wait(max(1, int(frees.total_seconds())))


@transaction.atomic
def begin(step: SignInStep, *, origin: Origin) -> Challenge:
    """Ask the phones about the sign-in, whose password was right; an earlier question is void.

    Raises:
        Refused: ``gone`` where the sign-in is over, ``no_phone`` where none is linked, or
            ``only_others`` with ``minutes``: for now other methods must do.

    """
    now = clock.now()
    # Whoever comes second waits here, so that no two count the same refusals.
    account = Account.objects.select_for_update().get(pk=step.account_id)
    living = SignInStep.objects.filter(
        pk=step.pk,
        finished_at=None,
        expires_at__gt=now,
        account__state=Account.State.ACTIVE,
        password_changed_at=account.password_changed_at,
    ).first()
    if living is None:
        raise Refused(Fault("", "gone"))
    asked = phones.living(account)
    if not asked:
        raise Refused(Fault("", "no_phone"))
    minutes = minutes_without(account)
    if minutes:
        raise Refused(Fault("", "only_others", {"minutes": minutes}))
    Challenge.objects.filter(step=step, state=State.OPEN).update(
        state=rules.moved(State.OPEN, Move.WITHDRAW), answered_at=now
    )
    lifetime = timedelta(minutes=numbers.get("identity.push_challenge_minutes"))
    challenge = Challenge.objects.create(
        public_id=str(uuid.uuid4()),
        account=account,
        step=step,
        nonce=answers.encoded(secrets.token_bytes(NONCE_BYTES)),
        number=_fresh_number(),
        state=State.OPEN,
        application_name=step.application_name,
        ip=step.ip,
        user_agent=step.user_agent,
        place=geoip.place(step.ip, account.locale)[:120],
        created_at=now,
        expires_at=min(now + lifetime, living.expires_at),
    )
    tell_phones(challenge, asked)
    audit.record(
        "identity.challenge_sent",
        actor=None,
        subject=account.pk,
        target=f"challenge:{challenge.public_id}",
        origin=origin,
        detail={"phones": len(asked)},
    )
    return challenge


def tell_phones(challenge: Challenge, asked: list[Authenticator]) -> None:
    """Have those of the phones told at once that can be; the others ask by themselves."""
    for phone in asked:
        if phone.push_sealed:
            jobs.enqueue(TELL_PHONE, {"phone_id": phone.pk, "challenge_id": challenge.pk})


def _fresh_number() -> str:
    if not numbers.get("identity.push_number_matching"):
        return ""
    return str(LEAST_NUMBER + secrets.randbelow(NUMBERS))


def _window() -> timedelta:
    return timedelta(minutes=numbers.get("identity.push_refusals_window_minutes"))


def _unanswered(account: Account, *, since: datetime, applications_too: bool) -> Any:
    found = Challenge.objects.filter(account=account, created_at__gt=since).exclude(
        Q(state=State.APPROVED) | Q(step__finished_at__isnull=False)
    )
    return found if applications_too else found.filter(backchannel_id="")


# ---- answering -------------------------------------------------------------------------------


class WrongNumber(Refused):
    """The number is not the one in the browser. It was counted; raised after the commit."""


def approve(phone: Authenticator, answer: Answer, *, origin: Origin) -> None:
    """Take the YES of a phone.

    Raises:
        WrongNumber: ``wrong_number`` with ``tries_left``; it was counted.
        Refused: ``not_found`` (another account's too), ``already_processed``, ``expired``,
            ``bad_signature``, ``number_required`` or ``device_removed``. Nothing was changed.

    """
    with transaction.atomic():
        _hold(phone)
        challenge = _asked(phone, answer.uuid)
        _check_signature(phone, challenge, answer, answers.APPROVE)
        verdict = rules.approve(
            _view(challenge),
            answer.number,
            now=clock.timestamp(),
            most_wrong=numbers.get("identity.push_wrong_numbers"),
        )
        if verdict.wrong_number:
            Challenge.objects.filter(pk=challenge.pk).update(wrong_numbers=F("wrong_numbers") + 1)
        elif verdict.problem:
            raise Refused(Fault("", str(verdict.problem)))
        if verdict.move:
            _move(challenge, verdict.move, phone, origin)
    if verdict.wrong_number:
        left = {"tries_left": verdict.tries_left}
        raise WrongNumber(Fault("number", "wrong_number", left))


@transaction.atomic
def refuse(phone: Authenticator, answer: Answer, *, origin: Origin) -> None:
    """Take the NO of a phone, and tell the owner what to do now.

    A signature may be missing: a NO opens no door.

    Raises:
        Refused: ``not_found``, ``already_processed``, ``expired``, ``bad_signature`` or
            ``device_removed``. Nothing was changed then.

    """
    _hold(phone)
    challenge = _asked(phone, answer.uuid)
    if answer.signature:
        _check_signature(phone, challenge, answer, answers.REFUSE)
    verdict = rules.refuse(_view(challenge), now=clock.timestamp())
    if verdict.problem or verdict.move is None:
        raise Refused(Fault("", str(verdict.problem)))
    _move(challenge, verdict.move, phone, origin)


def _hold(phone: Authenticator) -> None:
    """Hold the phone until the commit: it is removed before or after its answer, not meanwhile.

    Locks are taken in one order everywhere: account, method, challenge.
    """
    held = (
        Method.objects.select_for_update(of=("self",))
        .filter(pk=phone.method_id, removed_at=None, account__state=Account.State.ACTIVE)
        .first()
    )
    if held is None:
        raise Refused(Fault("", "device_removed"))


def _asked(phone: Authenticator, public_id: str) -> Challenge:
    """Return the challenge, held for this transaction, if it asks this phone's account."""
    challenge = (
        Challenge.objects.select_for_update()
        .filter(public_id=public_id, account_id=phone.method.account_id)
        .first()
    )
    if challenge is None:
        raise Refused(Fault("", "not_found"))
    # A sign-in that was finished in another way, given up or overtaken needs no answer any more.
    step = challenge.step
    if challenge.state == State.OPEN and step is not None and step.finished_at is not None:
        raise Refused(Fault("", "already_processed"))
    if challenge.state == State.OPEN and step is not None and step.expires_at <= clock.now():
        raise Refused(Fault("", "expired"))
    return challenge


def _check_signature(phone: Authenticator, challenge: Challenge, answer: Answer, word: str) -> None:
    text = answers.signed_text(
        issuer=settings.HOSPES.base_url,
        uuid=challenge.public_id,
        nonce=challenge.nonce,
        answer=word,
        number=answer.number if word == answers.APPROVE else "",
    )
    if not answers.is_signed(phone.public_key, text, answer.signature):
        raise Refused(Fault("", "bad_signature"))


_ACTIONS = {
    Move.APPROVE: "identity.challenge_approved",
    Move.REFUSE: "identity.challenge_refused",
    Move.MISMATCH: "identity.challenge_mismatched",
}
# Of what an application asked; it shows no number that could be mistaken.
_APPROVAL_ACTIONS = {
    Move.APPROVE: "identity.approval_given",
    Move.REFUSE: "identity.approval_refused",
}


def _move(challenge: Challenge, move: Move, phone: Authenticator, origin: Origin) -> None:
    """Move the open challenge; who comes second is refused."""
    now = clock.now()
    # The sign-in was looked at by ``_asked``; should it be finished otherwise just now, its one
    # door is shut and this answer opens nothing.
    won = Challenge.objects.filter(pk=challenge.pk, state=State.OPEN, expires_at__gt=now).update(
        state=rules.moved(State.OPEN, move), answered_at=now, answered_by=phone
    )
    if not won:
        raise Refused(Fault("", "already_processed"))
    account = phone.method.account
    action = _APPROVAL_ACTIONS[move] if challenge.backchannel_id else _ACTIONS[move]
    audit.record(
        action,
        actor=account.pk,
        subject=account.pk,
        target=f"challenge:{challenge.public_id}",
        origin=origin,
        detail={"method": phone.method.public_id},
    )
    facts: dict[str, object] = {"account_id": account.pk, "challenge_id": challenge.pk}
    if challenge.backchannel_id:
        # Nobody's password was given: there is nothing to warn of.
        Method.objects.filter(pk=phone.method_id).update(last_used_at=now)
        outbox.emit(action, facts | {"backchannel_id": challenge.backchannel_id})
        return
    outbox.emit(action, facts)
    if move is not Move.APPROVE:
        notice = "push_refused" if move is Move.REFUSE else "push_mismatched"
        # What the mail tells of is the sign-in that was asked about, not the phone.
        asked_by = Origin(ip=challenge.ip, user_agent=challenge.user_agent)
        security_notices.tell(account, notice, origin=asked_by)


def _view(challenge: Challenge) -> ChallengeView:
    return ChallengeView(
        state=State(challenge.state),
        expires_at=int(challenge.expires_at.timestamp()),
        number=challenge.number,
        wrong_numbers=challenge.wrong_numbers,
    )


# ---- the door --------------------------------------------------------------------------------


def spend(step: SignInStep) -> Method | None:
    """Use up the step's approval, once, and return the method that gave it; None where none is."""
    now = clock.now()
    approved = (
        Challenge.objects.filter(step=step, state=State.APPROVED, spent_at=None)
        .select_related("answered_by", "answered_by__method")
        .order_by("-pk")
        .first()
    )
    if approved is None or approved.answered_by is None:
        return None
    won = Challenge.objects.filter(pk=approved.pk, state=State.APPROVED, spent_at=None).update(
        spent_at=now
    )
    return approved.answered_by.method if won else None


@transaction.atomic
def withdraw_all(account_id: int) -> int:
    """Take every open question of the account back: its password changed, or it was locked."""
    withdrawn = Challenge.objects.filter(account_id=account_id, state=State.OPEN).update(
        state=rules.moved(State.OPEN, Move.WITHDRAW), answered_at=clock.now()
    )
    if withdrawn:
        audit.record(
            "identity.challenges_withdrawn",
            actor=None,
            subject=account_id,
            origin=SYSTEM,
            detail={"count": withdrawn},
        )
    return withdrawn


def expire_old(limit: int = 1000) -> int:
    """Write down that challenges have run out; nothing waits for it, the clock is asked first."""
    old = Challenge.objects.filter(state=State.OPEN, expires_at__lte=clock.now()).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:limit])
    return Challenge.objects.filter(pk__in=ids, state=State.OPEN).update(
        state=rules.moved(State.OPEN, Move.EXPIRE)
    )


def export(account: Account) -> list[dict[str, Any]]:
    """Return the account's questions for the copy of its data."""
    fields = (
        "created_at", "state", "answered_at", "application_name", "ip", "user_agent", "place",
    )  # fmt: skip
    return list(Challenge.objects.filter(account=account).order_by("pk").values(*fields))
