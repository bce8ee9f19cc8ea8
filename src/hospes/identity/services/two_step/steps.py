"""The second step: begun after a right password, finished through one door."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import assurance, tokens
from hospes.identity.models import Account, Method, Session, SignInStep
from hospes.identity.services import opening, sessions
from hospes.identity.services.two_step import applications, counting, trusted
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from hospes.identity.models import Browser
    from hospes.identity.services.opening import SignedIn
    from hospes.kit.origin import Origin

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class StepNeeded:
    """The password was right; ``step`` is to be finished by the browser that holds ``token``."""

    step: SignInStep
    token: str


def needed(account: Account, browser: Browser | None) -> bool:
    """Return whether signing in on ``browser`` asks for a second step."""
    if account.two_step_since is None:
        return False
    return browser is None or not trusted.trusts(account, browser)


@transaction.atomic
def after_password(
    account: Account,
    browser: Browser | None,
    *,
    new_device: bool,
    continue_to: str,
    origin: Origin,
) -> SignedIn | StepNeeded:
    """Go on after the right password of an account with two-step verification.

    Raises:
        Refused: ``wrong`` where the account was locked or changed meanwhile.

    """
    if browser is not None and trusted.use(account, browser):
        return opening.complete(
            account, browser, new_device=new_device, origin=origin, trusted=True
        )
    step, token = begin(
        account,
        amr=assurance.PASSWORD,
        browser=browser,
        new_device=new_device,
        continue_to=continue_to,
        application_name=applications.name_of(continue_to),
        origin=origin,
    )
    return StepNeeded(step, token)


def begin(
    account: Account,
    *,
    amr: Collection[str],
    browser: Browser | None,
    new_device: bool,
    continue_to: str,
    application_name: str,
    origin: Origin,
) -> tuple[SignInStep, str]:
    """Let the person who has given their password go on to the second step.

    Nobody is signed in by it. Returns the step and the value of the cookie
    (``presence.STEP_COOKIE``) without which nobody can finish it.
    """
    return _begin(
        account,
        session=None,
        amr=amr,
        browser=browser,
        new_device=new_device,
        continue_to=continue_to,
        application_name=application_name,
        origin=origin,
    )


def begin_again(
    session: Session, *, continue_to: str, application_name: str, origin: Origin
) -> tuple[SignInStep, str]:
    """Ask a signed-in person for a second factor once more; returns as ``begin``."""
    return _begin(
        session.account,
        session=session,
        amr=session.amr,
        browser=session.browser,
        new_device=False,
        continue_to=continue_to,
        application_name=application_name,
        origin=origin,
    )


@transaction.atomic
def _begin(
    account: Account,
    *,
    session: Session | None,
    amr: Collection[str],
    browser: Browser | None,
    new_device: bool,
    continue_to: str,
    application_name: str,
    origin: Origin,
) -> tuple[SignInStep, str]:
    now = clock.now()
    token = secrets.token_urlsafe(tokens.BYTES)
    step = SignInStep.objects.create(
        public_id=str(uuid.uuid4()),
        token_hash=tokens.fingerprint(token),
        account=account,
        browser=browser,
        session=session,
        amr=sorted(amr),
        new_device=new_device,
        password_changed_at=account.password_changed_at,
        continue_to=continue_to,
        application_name=application_name[:LONGEST_NAME],
        ip=origin.ip,
        user_agent=origin.user_agent,
        created_at=now,
        expires_at=now + timedelta(minutes=numbers.get("identity.sign_in_step_minutes")),
    )
    audit.record(
        "identity.second_step_asked",
        actor=account.pk if session else None,
        subject=account.pk,
        target=f"step:{step.public_id}",
        origin=origin,
    )
    return step, token


def read(token: str) -> SignInStep | None:
    """Return the step that ``token`` names, in whatever state it is, with its account."""
    if not token:
        return None
    return (
        SignInStep.objects.filter(token_hash=tokens.fingerprint(token))
        .select_related("account", "session", "session__browser", "browser")
        .first()
    )


def find(token: str) -> SignInStep | None:
    """Return the step that the holder of ``token`` may still finish, with its account.

    None for an unknown, finished or expired one, and where the account is not active any more, has
    another password or no two-step verification, or the session that asked has ended.
    """
    step = read(token)
    return step if step is not None and is_open(step) else None


def is_open(step: SignInStep) -> bool:
    """Return whether the step, as it was read, can still be finished."""
    return (
        step.finished_at is None
        and step.expires_at > clock.now()
        and step.account.state == Account.State.ACTIVE
        and step.account.password_changed_at == step.password_changed_at
        # Switched off meanwhile: the password alone signs in again.
        and step.account.two_step_since is not None
        and (step.session is None or step.session.ended_at is None)
    )


@transaction.atomic
def finish(
    step: SignInStep,
    *,
    amr: Collection[str],
    method: Method | None,
    trust: bool,
    origin: Origin,
    browser: Browser | None = None,
) -> SignedIn:
    """Sign in the person who has just proved a second factor: the one door, which opens once.

    ``method`` is None for a backup code. ``browser`` is the one that asks now, where the step was
    begun on one that nobody had been signed in on.

    Raises:
        Refused: ``gone`` where the step was finished before or has expired, or the account, its
            password, the method or the session changed meanwhile. Nothing is written then.
        ValueError: where ``amr`` names nothing that can be a second step.

    """
    proved = assurance.with_second(step.session.amr if step.session else step.amr, amr)
    now = clock.now()
    won = SignInStep.objects.filter(
        pk=step.pk, finished_at=None, expires_at__gt=now, token_hash=step.token_hash
    ).update(finished_at=now)
    if not won or not is_open(step) or not _still_there(step, method):
        raise Refused(Fault("", "gone"))
    account = step.account
    kind = str(method.kind) if method else "backup"
    if step.session is not None:
        done = _confirm(step, step.session, proved, kind=kind, origin=origin)
    else:
        try:
            done = opening.complete(
                account,
                step.browser or browser,
                new_device=step.new_device,
                origin=origin,
                amr=proved,
                second_step=kind,
            )
        except Refused as refused:
            raise Refused(Fault("", "gone")) from refused
    if trust:
        trusted.trust(account, done.session.browser, origin=origin)
    counting.succeeded(account, step=step, origin=origin)
    return done


def _still_there(step: SignInStep, method: Method | None) -> bool:
    """Return whether the method may still be used, and note that it was."""
    if method is None:
        return True
    used = Method.objects.filter(
        pk=method.pk,
        account_id=step.account_id,
        confirmed_at__isnull=False,
        removed_at=None,
    ).update(last_used_at=clock.now())
    return used == 1


def _confirm(
    step: SignInStep, session: Session, amr: Collection[str], *, kind: str, origin: Origin
) -> SignedIn:
    """Raise a living session's assurance. The password's moment stays: it was not given again."""
    account = step.account
    active = Account.objects.filter(
        pk=account.pk,
        state=Account.State.ACTIVE,
        password_changed_at=step.password_changed_at,
    ).exists()
    token = sessions.confirm_second_factor(session, amr=amr) if active else None
    if token is None:
        raise Refused(Fault("", "gone"))
    audit.record(
        "identity.second_factor_confirmed",
        actor=account.pk,
        subject=account.pk,
        target=f"session:{session.public_id}",
        origin=origin,
        detail={"second_step": kind},
    )
    outbox.emit(
        "identity.second_factor_confirmed",
        {"account_id": account.pk, "session_id": session.pk},
    )
    session.account = account
    return opening.SignedIn(account, session, token, new_device=False)


def cancel(step: SignInStep, *, origin: Origin) -> bool:
    """Give the step up; return whether it was still open."""
    with transaction.atomic():
        now = clock.now()
        ended = SignInStep.objects.filter(pk=step.pk, finished_at=None, expires_at__gt=now).update(
            expires_at=now
        )
        if ended:
            audit.record(
                "identity.second_step_cancelled",
                actor=step.account_id if step.session_id else None,
                subject=step.account_id,
                target=f"step:{step.public_id}",
                origin=origin,
            )
        return bool(ended)
