"""Accounts whose sign-in address vanished with the mailbox that the provider hosted."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, messages, outbox
from hospes.identity.domain import masking, temporary_logins
from hospes.identity.mails import getting_back as mails
from hospes.identity.models import Account, MailLink, TemporaryLogin
from hospes.identity.services import mail_links
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

_TRIES = 50
# What was sent to the vanished address, or would give it back its place.
_WORTHLESS = (
    MailLink.Purpose.PASSWORD_RESET,
    MailLink.Purpose.EMAIL_CHANGE,
    MailLink.Purpose.EMAIL_CHANGE_CANCEL,
    MailLink.Purpose.NOT_ME,
    MailLink.Purpose.ACCOUNT_DELETION,
)


@transaction.atomic
def orphan_login(
    account: Account, *, acting_account: Account | None, origin: Origin, reason: str = ""
) -> TemporaryLogin:
    """Put a temporary login ID in the place of an address that no longer exists.

    The address is free from now on. The ID goes to the recovery address and by SMS to the recovery
    phone, whichever there are; with it and the usual password the owner signs in and names a new
    address. ``acting_account`` is who did it, None for a service.

    Raises:
        Refused: ``gone`` (the account is deleted) or ``already`` (it has a temporary ID).

    """
    if account.state == Account.State.DELETED:
        raise Refused(Fault("", "gone"))
    old, now = account.email, clock.now()
    if temporary_logins.is_placeholder(old):
        raise Refused(Fault("", "already"))
    login = _free_login(account)
    stand_in = temporary_logins.placeholder(login)
    changed = Account.objects.filter(pk=account.pk, email=old).update(
        email=stand_in, email_verified_at=None, updated_at=now
    )
    if not changed:
        raise Refused(Fault("", "already"))
    account.email, account.email_verified_at = stand_in, None
    made = TemporaryLogin.objects.create(
        account=account,
        login=login,
        created_at=now,
        expires_at=now + timedelta(days=numbers.get("identity.temporary_login_days")),
    )
    for purpose in _WORTHLESS:
        mail_links.void(purpose, account)
    audit.record(
        "identity.login_orphaned",
        actor=acting_account.pk if acting_account else None,
        subject=account.pk,
        origin=origin,
        detail={"old_email": masking.email(old), "reason": reason},
    )
    outbox.emit("identity.login_orphaned", {"account_id": account.pk})
    _send(account, made, old)
    return made


def _free_login(account: Account) -> str:
    """Return a login ID that nobody had before: an old one must not open another's account."""
    for _ in range(_TRIES):
        number = secrets.randbelow(temporary_logins.LARGEST) + 1
        login = temporary_logins.make(account.first_name, account.last_name, number)
        if not TemporaryLogin.objects.filter(login=login).exists():
            return login
    raise Refused(Fault("", "no_login_free"))


def _send(account: Account, made: TemporaryLogin, old: str) -> None:
    days = numbers.get("identity.temporary_login_days")
    sign_in = mail_links.address("sign_in")
    with translation.override(account.locale):
        if account.mail_address:
            mail = mails.orphaned(
                first_name=account.first_name, login=made.login, old=old, link=sign_in, days=days
            )
            messages.send_mail(
                mail,
                to=account.mail_address,
                locale=account.locale,
                kind="identity.login_orphaned",
            )
        if account.recovery_phone and account.recovery_phone_verified_at:
            messages.send_sms(
                mails.orphaned_text(login=made.login, link=sign_in),
                to=account.recovery_phone,
                locale=account.locale,
                kind="identity.login_orphaned",
            )
