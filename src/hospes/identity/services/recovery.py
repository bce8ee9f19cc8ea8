"""Getting back in: a new password by mail, and "this was not me"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.utils import translation

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, jobs, messages, outbox
from hospes.identity.domain import (
    addresses,
    assurance,
    recovery,
    temporary_logins,
    throttling,
)
from hospes.identity.domain.passwords import normalize
from hospes.identity.gateways import hashing
from hospes.identity.mails import recovery as mails
from hospes.identity.models import Account, MailLink, SentCode, Session
from hospes.identity.queries import accounts, sign_ins
from hospes.identity.services import (
    application_passwords,
    credentials,
    limits,
    mail_links,
    opening,
    passwords,
    sent_codes,
    sessions,
    sign_in_notices,
)
from hospes.identity.services.two_step import methods, steps, trusted
from hospes.identity.services.two_step.steps import StepNeeded
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.identity.models import Browser
    from hospes.identity.services.opening import SignedIn
    from hospes.kit.origin import Origin

Way = Literal["mail", "recovery_mail", "sms"]
RESET = MailLink.Purpose.PASSWORD_RESET
NOT_ME = MailLink.Purpose.NOT_ME


@dataclass(frozen=True, slots=True)
class Recovered:
    """The account has its new password.

    ``step`` is set where more has to be proved before anybody is signed in. Neither is where staff
    locked the account.
    """

    account: Account
    signed_in: SignedIn | None = None
    step: StepNeeded | None = None


def ask(login: str, *, way: Way = "mail", browser_hash: str = "", origin: Origin) -> None:
    """Have a link, or by SMS a code, for a new password sent, if the login is somebody's.

    ``way`` is ``mail`` (to the sign-in address), ``recovery_mail`` or ``sms``; where the account
    has no such contact nothing is sent. The work here is the same in every case; the message is
    made by a job. ``browser_hash`` ties a code to the browser that asks for it.

    Raises:
        Refused: ``not_an_address``, ``throttled`` or ``too_many_mails`` (both with
            ``minutes``).

    """
    email = temporary_logins.canonical(addresses.normalise(login))
    if not (addresses.is_plausible(email) or temporary_logins.read(email)):
        raise Refused(Fault("email", "not_an_address" if email else "missing"))
    limits.admit(
        "recover.network",
        throttling.network_key(origin.ip),
        limit=numbers.get("identity.recoveries_per_network_per_hour"),
    )
    # Each way has its own count: asking for one in vain does not shut the others.
    limits.admit(
        f"recover.{way}",
        throttling.account_key(email),
        limit=numbers.get("identity.mails_per_address_per_hour"),
        code="too_many_mails",
    )
    account = accounts.by_login(email)
    with transaction.atomic():
        audit.record(
            "identity.recovery_asked",
            actor=None,
            subject=account.pk if account else None,
            origin=origin,
            detail={"way": way},
        )
        if way == "sms":
            _ask_code(account, browser_hash, throttling.network_key(origin.ip))
        else:
            payload = {"account_id": account.pk if account else 0, "way": way}
            jobs.enqueue("identity.send_reset_link", payload)


def _ask_code(account: Account | None, browser_hash: str, network: str) -> None:
    proved = account if account and account.recovery_phone_verified_at else None
    phone = proved.recovery_phone if proved else ""
    purpose = SentCode.Purpose.RECOVERY
    try:
        sent_codes.ask(
            purpose, account=proved, phone=phone, browser_hash=browser_hash, network=network
        )
    except Refused:
        # That a phone got its codes for this hour would tell that there is one.
        sent_codes.ask(purpose, account=None, phone="", browser_hash=browser_hash)


def code_asked_by(browser_hash: str) -> SentCode | None:
    """Return the code that this browser asked for last and may still type in."""
    row = (
        SentCode.objects.filter(purpose=SentCode.Purpose.RECOVERY, browser_hash=browser_hash)
        .order_by("-pk")
        .first()
    )
    return row if row is not None and sent_codes.is_open(row) else None


@transaction.atomic
def use_code(row: SentCode, typed: str, *, origin: Origin) -> str:
    """Return the value of a reset link for the right code from the owner's phone, "" otherwise."""
    if not sent_codes.use(row, typed) or row.account is None:
        return ""
    audit.record("identity.recovery_code_used", actor=None, subject=row.account_id, origin=origin)
    return mail_links.make(RESET, row.account, lifetime=_lifetime())


def send_reset_link(account: Account, *, way: Way = "mail") -> None:
    """Send the owner a link to a new password, if there is the address that ``way`` names."""
    if way == "recovery_mail":
        address = account.recovery_email if account.recovery_email_verified_at else ""
    else:
        address = account.mail_address
    if not address:
        return
    with transaction.atomic():
        token = mail_links.make(RESET, account, lifetime=_lifetime())
        with translation.override(account.locale):
            mail = mails.reset(
                first_name=account.first_name,
                link=mail_links.address("recover_reset", token),
                minutes=numbers.get("identity.reset_link_minutes"),
            )
        messages.send_mail(mail, to=address, locale=account.locale, kind="identity.password_reset")


def find_reset(token: str) -> MailLink | None:
    """Return the reset link while it may be used."""
    return mail_links.find(RESET, token)


def reset(link: MailLink, password: str, *, browser: Browser | None, origin: Origin) -> Recovered:
    """Set the new password, end all sessions, and unlock the account unless staff locked it.

    The account is the link's; nothing the request says can name another one.

    Raises:
        Refused: ``gone``, or the rules that the password breaks.

    """
    account = link.account
    faults = passwords.check_new_password(
        password, account_inputs=(account.email, account.first_name, account.last_name)
    )
    if faults:
        raise Refused(faults)
    password_hash = hashing.hash_password(normalize(password))
    with transaction.atomic():
        now = clock.now()
        if not mail_links.use(link):
            raise Refused(Fault("", "gone"))
        changed = (
            Account.objects.filter(pk=account.pk)
            .exclude(state=Account.State.DELETED)
            .update(
                password_hash=password_hash,
                password_changed_at=now,
                updated_at=now,
                failed_passwords=0,
                failed_codes=0,
            )
        )
        if not changed:
            raise Refused(Fault("", "gone"))
        unlocked = Account.objects.filter(pk=account.pk, locked_by_staff=False).update(
            state=Account.State.ACTIVE, locked_at=None
        )
        account.refresh_from_db()
        mail_links.void(RESET, account)
        mail_links.void(NOT_ME, account)
        sessions.end_other_sessions(account, keep=(), reason="password_reset", origin=origin)
        audit.record("identity.password_reset", actor=account.pk, subject=account.pk, origin=origin)
        outbox.emit("identity.password_changed", {"account_id": account.pk, "takes_back": True})
        _tell_reset(account, at=now, origin=origin)
        credentials.forget_failures(account)
        application_passwords.revoke_taken_back(account, origin=origin)
        # Whoever reads the mail on a browser that was trusted has proved no second factor.
        trusted.revoke_all(account, acting_account=account, origin=origin)
        if not unlocked:
            return Recovered(account)
        if not recovery.signs_in(two_step=account.two_step_since is not None):
            known = browser is not None and sign_ins.has_been_here(browser, account)
            step, step_token = steps.begin(
                account,
                amr=assurance.PASSWORD,
                browser=browser,
                new_device=not known,
                continue_to="/",
                application_name="",
                origin=origin,
            )
            return Recovered(account, step=StepNeeded(step, step_token))
        signed_in = opening.complete(account, browser, new_device=False, origin=origin)
        return Recovered(account, signed_in)


def find_not_me(token: str) -> MailLink | None:
    """Return the "this was not me" link while it may be used."""
    return mail_links.find(NOT_ME, token)


def session_of(link: MailLink) -> Session | None:
    """Return the sign-in that the link's mail told of."""
    return Session.objects.filter(pk=link.payload.get("session_id"), account=link.account).first()


def repudiate(link: MailLink, *, origin: Origin) -> str:
    """End the sign-in its owner does not know and all others, lock until there is a new password.

    Second steps that were added since that sign-in began are removed: they may be the stranger's.
    Returns the value of a reset link: whoever reads the mail may set that password right away.

    Raises:
        Refused: ``gone``.

    """
    account = link.account
    with transaction.atomic():
        if not mail_links.use(link):
            raise Refused(Fault("", "gone"))
        session = session_of(link)
        if session is not None:
            sessions.end_session(session, reason="not_me", actor=account, origin=origin)
        # Whoever knows the password may have signed in elsewhere as well.
        sessions.end_other_sessions(account, keep=(), reason="not_me", origin=origin, actor=account)
        trusted.revoke_all(account, acting_account=account, origin=origin)
        application_passwords.revoke_taken_back(account, origin=origin)
        Account.objects.filter(pk=account.pk, state=Account.State.ACTIVE).update(
            state=Account.State.LOCKED, locked_at=clock.now()
        )
        since = session.created_at if session else link.created_at
        methods.take_back(account, since=since, origin=origin)
        audit.record(
            "identity.sign_in_repudiated",
            actor=account.pk,
            subject=account.pk,
            target=f"session:{session.public_id}" if session else "",
            origin=origin,
        )
        outbox.emit("identity.account_locked", {"account_id": account.pk})
        return mail_links.make(RESET, account, lifetime=_lifetime())


def _tell_reset(account: Account, *, at: datetime, origin: Origin) -> None:
    with translation.override(account.locale):
        mail = mails.was_reset(
            facts=sign_in_notices.facts(account, at=at, origin=origin),
            recover=mail_links.address("recover"),
        )
    if account.mail_address:
        messages.send_mail(
            mail,
            to=account.mail_address,
            locale=account.locale,
            kind="identity.password_was_reset",
        )


def _lifetime() -> timedelta:
    return timedelta(minutes=numbers.get("identity.reset_link_minutes"))
