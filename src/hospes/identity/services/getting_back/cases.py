"""Cases: somebody has no way back in, says so, and staff decide."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation

from hospes.foundation import clock, counters, numbers
from hospes.foundation.services import audit, messages, outbox
from hospes.identity.domain import addresses, cases, phones, throttling, tokens
from hospes.identity.mails import getting_back as mails
from hospes.identity.models import Account, MailLink, RecoveryCase
from hospes.identity.queries import accounts
from hospes.identity.services import mail_links, security_notices
from hospes.identity.services.two_step import methods
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import SYSTEM

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

DAY = timedelta(days=1)
OPEN = RecoveryCase.State.OPEN
Kind = RecoveryCase.Kind


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What the person typed. ``phone`` is read for ``region`` where it has no ``+``."""

    kind: str
    login: str
    contact_email: str
    phone: str
    region: str
    words: str
    locale: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A staff member's decision, and how they made sure of who asked.

    ``login`` names the account where the case does not; "" otherwise.
    """

    granted: bool
    note: str
    login: str = ""


def open_case(command: OpenCase, *, origin: Origin) -> tuple[RecoveryCase, str]:
    """Open a case and return it with the value of the page that shows its state.

    The answer is the same whether or not the login is somebody's.

    Raises:
        Refused: every fault of every field at once, or ``throttled`` with ``hours``.

    """
    login = addresses.normalise(command.login)
    contact = addresses.normalise(command.contact_email)
    phone = phones.parse(command.phone, command.region) if command.phone.strip() else ""
    faults = cases.faults(
        kind=command.kind, login=login, contact_email=contact, words=command.words
    )
    if command.phone.strip() and not phone:
        faults.append(Fault("phone", "invalid"))
    if faults:
        raise Refused(faults)
    _admit(origin)
    account = accounts.by_login(login)
    token, stored = mail_links.new_token()
    now = clock.now()
    values = {
        "reference": cases.reference(secrets.token_bytes(cases.REFERENCE_BYTES)),
        "token_hash": stored,
        "kind": command.kind,
        "login": login,
        "contact_email": contact,
        "contact_phone": phone,
        "words": command.words.strip(),
        "locale": command.locale,
        "ip": origin.ip,
        "created_at": now,
    }
    with transaction.atomic():
        made = _create(values, account)
        audit.record(
            "identity.recovery_case_opened",
            actor=None,
            subject=account.pk if account else None,
            target=f"recovery_case:{made.public_id}",
            origin=origin,
            detail={"kind": command.kind},
        )
        outbox.emit("identity.recovery_case_opened", {"case_id": made.pk})
        # However many networks ask: neither mailbox is flooded, and nobody is kept from asking.
        if _has_room("recover.cases.to", contact):
            _tell_opener(made, token)
        if account is not None and _has_room("recover.cases.of", account.public_id):
            # Whoever did not ask learns that somebody did, and can say so.
            security_notices.tell(account, "recovery_case_opened", origin=origin)
    return made, token


def _tell_opener(case: RecoveryCase, token: str) -> None:
    with translation.override(case.locale):
        mail = mails.case_opened(
            reference=case.reference, link=mail_links.address("recover_case", token)
        )
    messages.send_mail(
        mail,
        to=case.contact_email,
        locale=case.locale,
        kind="identity.recovery_case_opened",
    )


def _create(values: dict[str, object], account: Account | None) -> RecoveryCase:
    """Write the case; a second open one about an account stands beside the first unbound.

    Otherwise somebody could keep the owner's own from being opened.
    """
    try:
        with transaction.atomic():
            return RecoveryCase.objects.create(
                public_id=str(uuid.uuid4()), account=account, **values
            )
    except IntegrityError:
        return RecoveryCase.objects.create(public_id=str(uuid.uuid4()), account=None, **values)


def by_token(token: str) -> RecoveryCase | None:
    """Return the case whose page this value opens."""
    return RecoveryCase.objects.filter(token_hash=tokens.fingerprint(token)).first()


@transaction.atomic
def withdraw(case: RecoveryCase, *, origin: Origin) -> bool:
    """Close a case its opener no longer needs; False where it was closed already."""
    if not _move(case, RecoveryCase.State.WITHDRAWN):
        return False
    _note(case, "withdrawn", None, origin)
    return True


def account_of(case: RecoveryCase) -> Account | None:
    """Return the account that a case is about, as its login reads now."""
    return case.account or accounts.by_login(case.login)


@transaction.atomic
def decide(
    case: RecoveryCase, decision: Decision, *, acting_account: Account, origin: Origin
) -> None:
    """Grant or refuse a case; what it asked for is done in the same transaction.

    Raises:
        Refused: ``note`` ``missing``, ``closed`` (decided meanwhile), ``own_case``, or ``login``
            ``nobody`` (it is no account's).

    """
    note = decision.note.strip()
    if not note:
        raise Refused(Fault("note", "missing"))
    account = account_of(case)
    if account is None and decision.login.strip():
        account = accounts.by_login(addresses.normalise(decision.login))
    if account is not None and account.pk == acting_account.pk:
        raise Refused(Fault("", "own_case"))
    if decision.granted and account is None:
        raise Refused(Fault("login", "nobody"))
    state = RecoveryCase.State.GRANTED if decision.granted else RecoveryCase.State.REFUSED
    if not _move(case, state, decided_by=acting_account, decision_note=note, account=account):
        raise Refused(Fault("", "closed"))
    case.account = account
    _note(case, state.value, acting_account, origin)
    if not decision.granted or account is None:
        with translation.override(case.locale):
            mail = mails.case_refused(
                reference=case.reference, link=mail_links.address("recover_help")
            )
        messages.send_mail(
            mail,
            to=case.contact_email,
            locale=case.locale,
            kind="identity.recovery_case_refused",
        )
        return
    _grant(case, account, acting_account, origin)


def _grant(case: RecoveryCase, account: Account, staff: Account, origin: Origin) -> None:
    """Do what the kind of case asks for, and tell the owner at every address there is."""
    link = ""
    notice = "recovery_case_granted"
    if case.kind == Kind.SECOND_STEP_LOST:
        if methods.switch_off(account, acting_account=staff, origin=origin):
            notice = "two_step_switched_off"
    elif case.kind == Kind.UNLOCK:
        Account.objects.filter(pk=account.pk, state=Account.State.LOCKED).update(
            state=Account.State.ACTIVE, locked_at=None, locked_by_staff=False, failed_passwords=0
        )
    else:
        lifetime = timedelta(days=cases.RESET_LINK_DAYS)
        token = mail_links.make(MailLink.Purpose.PASSWORD_RESET, account, lifetime=lifetime)
        link = mail_links.address("recover_reset", token)
    with translation.override(case.locale):
        mail = mails.case_granted(
            kind=case.kind,
            reference=case.reference,
            login=account.email if account.mail_address else "",
            link=link or mail_links.address("sign_in"),
            days=cases.RESET_LINK_DAYS if link else 0,
        )
    messages.send_mail(
        mail, to=case.contact_email, locale=case.locale, kind="identity.recovery_case_granted"
    )
    verified = account.recovery_email if account.recovery_email_verified_at else ""
    for address in {account.mail_address, verified} - {"", case.contact_email}:
        # Where the staff member sits is nothing that the owner could recognize.
        security_notices.tell(account, notice, origin=SYSTEM, to=address)


def _move(case: RecoveryCase, state: RecoveryCase.State, **values: object) -> bool:
    now = clock.now()
    moved = RecoveryCase.objects.filter(pk=case.pk, state=OPEN).update(
        state=state, decided_at=now, **values
    )
    if moved:
        case.state, case.decided_at = state, now
    return bool(moved)


def _note(case: RecoveryCase, what: str, actor: Account | None, origin: Origin) -> None:
    subject = account_of(case)
    audit.record(
        f"identity.recovery_case_{what}",
        actor=actor.pk if actor else None,
        subject=subject.pk if subject else None,
        target=f"recovery_case:{case.public_id}",
        origin=origin,
        detail={"kind": case.kind},
    )
    outbox.emit(f"identity.recovery_case_{what}", {"case_id": case.pk})


def _admit(origin: Origin) -> None:
    key = throttling.network_key(origin.ip)
    if not key:
        return
    limit = numbers.get("identity.recovery_cases_per_network_per_day")
    hit = counters.hit("recover.cases", key, limit=limit, window=DAY)
    if not hit.allowed:
        hours = max(1, -(-throttling.minutes_to_wait(hit.retry_after) // 60))
        raise Refused(Fault("", "throttled", {"hours": hours}))


def _has_room(name: str, key: str) -> bool:
    """Return whether one more mail goes to a reader today; whoever asks sees no difference."""
    limit = numbers.get("identity.recovery_cases_per_network_per_day")
    return counters.hit(name, key, limit=limit, window=DAY).allowed
