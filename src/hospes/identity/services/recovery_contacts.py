"""Recovery address and recovery phone: the ways back in when the password is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from hospes.foundation import clock, counters, numbers
from hospes.foundation.services import audit, outbox
from hospes.foundation.services.messages import send_mail
from hospes.identity.domain import addresses, masking, phones, throttling
from hospes.identity.mails import settings as mails
from hospes.identity.models import Account, MailLink, SentCode
from hospes.identity.services import mail_links, security_notices, sent_codes
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

PURPOSE = MailLink.Purpose.RECOVERY_EMAIL
HOUR = timedelta(hours=1)
PHONE_CODE = SentCode.Purpose.CONFIRM_RECOVERY_PHONE


@dataclass(frozen=True, slots=True)
class SetRecoveryEmail:
    """The address as typed."""

    email: str


@dataclass(frozen=True, slots=True)
class SetRecoveryPhone:
    """The number as typed; ``region`` (ISO 3166) is where it is read without a ``+``."""

    phone: str
    region: str


def admit_mail(email: str, acting_account: Account, field: str) -> None:
    """Count one more mail that a form of ``acting_account`` sends to ``email``.

    Raises:
        Refused: ``too_many_mails``, where the address got its number for this hour, or the
            account sent as many, to whomever.

    """
    limit = numbers.get("identity.mails_per_address_per_hour")
    counted = {
        "identity.settings_mails_of": acting_account.public_id,
        "identity.settings_mails": email,
    }
    for name, key in counted.items():
        if not counters.hit(name, key, limit=limit, window=HOUR).allowed:
            raise Refused(Fault(field, "too_many_mails"))


def ask_recovery_email(
    command: SetRecoveryEmail, *, acting_account: Account, origin: Origin
) -> str:
    """Mail a link to the new recovery address, which counts only once it was used.

    Returns the address as it will be kept.

    Raises:
        Refused: ``email`` ``required``, ``invalid``, ``same_as_sign_in``, ``unchanged`` or
            ``too_many_mails``.

    """
    email = addresses.normalise(command.email)
    if not email:
        raise Refused(Fault("email", "required"))
    if not addresses.is_plausible(email):
        raise Refused(Fault("email", "invalid"))
    if email == acting_account.email:
        raise Refused(Fault("email", "same_as_sign_in"))
    if email == acting_account.recovery_email:
        raise Refused(Fault("email", "unchanged"))
    admit_mail(email, acting_account, "email")
    hours = numbers.get("identity.mail_link_hours")
    with transaction.atomic():
        mail_links.void(PURPOSE, acting_account)
        token = mail_links.make(
            PURPOSE, acting_account, lifetime=timedelta(hours=hours), payload={"email": email}
        )
        audit.record(
            "identity.recovery_email_requested",
            actor=acting_account.pk,
            subject=acting_account.pk,
            origin=origin,
            detail={"email": masking.email(email)},
        )
        with translation.override(acting_account.locale):
            mail = mails.confirm_recovery_address(
                name=acting_account.name,
                url=mail_links.address("recovery_email_confirm", token),
                hours=hours,
            )
        send_mail(
            mail, to=email, locale=acting_account.locale, kind="identity.recovery_email_confirm"
        )
    return email


@transaction.atomic
def confirm_recovery_email(token: str, *, origin: Origin) -> Account:
    """Make the link's address the account's recovery address.

    Raises:
        Refused: ``link_unusable``: used, run out, void, or the address has meanwhile become the
            account's sign-in address.

    """
    link = mail_links.find(PURPOSE, token)
    if link is None:
        raise Refused(Fault("", "link_unusable"))
    account, email = link.account, str(link.payload["email"])
    changed = mail_links.use(link) and (
        Account.objects.filter(pk=account.pk)
        .exclude(email=email)
        .exclude(state=Account.State.DELETED)
        .update(
            recovery_email=email,
            recovery_email_verified_at=clock.now(),
            updated_at=clock.now(),
        )
    )
    if not changed:
        raise Refused(Fault("", "link_unusable"))
    # Links for a new password went to the old recovery address.
    mail_links.void(MailLink.Purpose.PASSWORD_RESET, account)
    _note(account, "recovery_email_changed", {"email": email}, origin)
    return account


@transaction.atomic
def remove_recovery_email(*, acting_account: Account, origin: Origin) -> bool:
    """Take the recovery address away, and any that waits for its confirmation."""
    mail_links.void(PURPOSE, acting_account)
    mail_links.void(MailLink.Purpose.PASSWORD_RESET, acting_account)
    changed = (
        Account.objects.filter(pk=acting_account.pk)
        .exclude(recovery_email="")
        .update(recovery_email="", recovery_email_verified_at=None, updated_at=clock.now())
    )
    if changed:
        _note(acting_account, "recovery_email_removed", {}, origin)
    return bool(changed)


def set_recovery_phone(
    command: SetRecoveryPhone, *, acting_account: Account, origin: Origin
) -> str:
    """Keep the number as E.164 and return it.

    Raises:
        Refused: ``phone`` ``required``, ``invalid`` or ``unchanged``.

    """
    if not command.phone.strip():
        raise Refused(Fault("phone", "required"))
    phone = phones.parse(command.phone, command.region)
    if not phone:
        raise Refused(Fault("phone", "invalid"))
    if phone == acting_account.recovery_phone:
        raise Refused(Fault("phone", "unchanged"))
    with transaction.atomic():
        Account.objects.filter(pk=acting_account.pk).update(
            recovery_phone=phone, recovery_phone_verified_at=None, updated_at=clock.now()
        )
        acting_account.recovery_phone, acting_account.recovery_phone_verified_at = phone, None
        _note(acting_account, "recovery_phone_changed", {"phone": phones.shown(phone)}, origin)
    return phone


def ask_phone_code(*, acting_account: Account, origin: Origin) -> None:
    """Have a code sent to the recovery phone, which leads back in only once it was typed in.

    Raises:
        Refused: ``no_phone``, ``country`` or ``too_many_codes`` (with ``minutes``).

    """
    if not acting_account.recovery_phone:
        raise Refused(Fault("", "no_phone"))
    sent_codes.ask(
        PHONE_CODE,
        account=acting_account,
        phone=acting_account.recovery_phone,
        network=throttling.network_key(origin.ip),
    )


def phone_code_open(account: Account) -> SentCode | None:
    """Return the code that was sent to the present recovery phone and may still be typed in."""
    row = SentCode.objects.filter(account=account, purpose=PHONE_CODE).order_by("-pk").first()
    fits = row is not None and row.phone == account.recovery_phone
    return row if row is not None and fits and sent_codes.is_open(row) else None


@transaction.atomic
def confirm_phone(typed: str, *, acting_account: Account, origin: Origin) -> bool:
    """Let the recovery phone count if ``typed`` is the code; return whether it is."""
    row = phone_code_open(acting_account)
    if row is None or not sent_codes.use(row, typed):
        return False
    changed = Account.objects.filter(pk=acting_account.pk, recovery_phone=row.phone).update(
        recovery_phone_verified_at=clock.now(), updated_at=clock.now()
    )
    if changed:
        phone = {"phone": phones.shown(row.phone)}
        _note(acting_account, "recovery_phone_confirmed", phone, origin)
    return bool(changed)


@transaction.atomic
def remove_recovery_phone(*, acting_account: Account, origin: Origin) -> bool:
    """Take the recovery phone number away; return whether there was one."""
    changed = (
        Account.objects.filter(pk=acting_account.pk)
        .exclude(recovery_phone="")
        .update(recovery_phone="", recovery_phone_verified_at=None, updated_at=clock.now())
    )
    if changed:
        _note(acting_account, "recovery_phone_removed", {}, origin)
    return bool(changed)


def _note(account: Account, what: str, params: dict[str, str], origin: Origin) -> None:
    # The log outlives the account, so it holds no whole address or number.
    masks = {"email": masking.email, "phone": masking.phone}
    masked = {key: masks[key](value) for key, value in params.items()}
    audit.record(
        f"identity.{what}", actor=account.pk, subject=account.pk, origin=origin, detail=masked
    )
    outbox.emit(f"identity.{what}", {"account_id": account.pk})
    security_notices.tell(account, what, origin=origin, params=params)
