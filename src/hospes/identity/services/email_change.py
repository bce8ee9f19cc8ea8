"""Another sign-in address: asked for, confirmed from the new one, undone from the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.foundation.services.messages import send_mail
from hospes.identity.domain import addresses, masking, temporary_logins
from hospes.identity.mails import settings as mails
from hospes.identity.models import Account, MailLink, TemporaryLogin
from hospes.identity.queries import accounts
from hospes.identity.services import (
    application_passwords,
    mail_links,
    security_notices,
    sessions,
)
from hospes.identity.services.recovery_contacts import admit_mail
from hospes.identity.services.two_step import methods
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

CHANGE = MailLink.Purpose.EMAIL_CHANGE
UNDO = MailLink.Purpose.EMAIL_CHANGE_CANCEL


@dataclass(frozen=True, slots=True)
class AskEmailChange:
    """The new sign-in address as typed."""

    email: str


def ask_email_change(command: AskEmailChange, *, acting_account: Account, origin: Origin) -> str:
    """Mail a link to the new address and a notice to the present one; return the new address.

    Where the address is another account's, that account's owner gets a mail instead, and the
    asker sees no difference.

    Raises:
        Refused: ``email`` ``required``, ``invalid``, ``unchanged``, ``same_as_recovery`` or
            ``too_many_mails``.

    """
    email = addresses.normalise(command.email)
    if not email:
        raise Refused(Fault("email", "required"))
    if not addresses.is_plausible(email):
        raise Refused(Fault("email", "invalid"))
    if email == acting_account.email:
        raise Refused(Fault("email", "unchanged"))
    if email == acting_account.recovery_email:
        raise Refused(Fault("email", "same_as_recovery"))
    admit_mail(email, acting_account, "email")
    with transaction.atomic():
        _write_request(email, acting_account, origin)
    return email


def _write_request(email: str, account: Account, origin: Origin) -> None:
    hours = numbers.get("identity.mail_link_hours")
    mail_links.void(CHANGE, account)
    # A link is made for a taken address too, so that the settings page reads the same; nobody
    # has it, and the unique address would refuse it besides.
    token = mail_links.make(
        CHANGE, account, lifetime=timedelta(hours=hours), payload={"email": email}
    )
    audit.record(
        "identity.email_change_requested",
        actor=account.pk,
        subject=account.pk,
        origin=origin,
        detail={"email": masking.email(email)},
    )
    owner = accounts.by_email(email)
    if owner is None:
        with translation.override(account.locale):
            mail = mails.confirm_new_address(
                name=account.name,
                url=mail_links.address("email_change_confirm", token),
                hours=hours,
            )
        send_mail(mail, to=email, locale=account.locale, kind="identity.email_change_confirm")
    else:
        with translation.override(owner.locale):
            mail = mails.address_has_account(name=owner.name)
        send_mail(mail, to=email, locale=owner.locale, kind="identity.email_change_taken")
    security_notices.tell(account, "email_change_requested", origin=origin, params={"email": email})


def waiting_change(account: Account) -> MailLink | None:
    """Return the change that waits for its confirmation, if any."""
    return MailLink.objects.filter(
        account=account, purpose=CHANGE, used_at=None, expires_at__gt=clock.now()
    ).first()


@transaction.atomic
def withdraw_email_change(*, acting_account: Account, origin: Origin) -> bool:
    """Make the waiting change void; return whether there was one."""
    if waiting_change(acting_account) is None:
        return False
    mail_links.void(CHANGE, acting_account)
    audit.record(
        "identity.email_change_withdrawn",
        actor=acting_account.pk,
        subject=acting_account.pk,
        origin=origin,
    )
    return True


def confirm_email_change(token: str, *, origin: Origin) -> Account:
    """Make the link's address the sign-in address; the old one gets a link that undoes it.

    Raises:
        Refused: ``link_unusable``: used, run out or void, or the address was taken meanwhile.

    """
    try:
        with transaction.atomic():
            return _confirm(token, origin)
    except IntegrityError as taken:
        raise Refused(Fault("", "link_unusable")) from taken


def _confirm(token: str, origin: Origin) -> Account:
    link = mail_links.find(CHANGE, token)
    if link is None or not mail_links.use(link):
        raise Refused(Fault("", "link_unusable"))
    account, old, new = link.account, link.account.email, str(link.payload["email"])
    changed = (
        Account.objects.filter(pk=account.pk, email=old, state=Account.State.ACTIVE)
        .exclude(recovery_email=new)
        .update(email=new, email_verified_at=clock.now(), updated_at=clock.now())
    )
    if not changed:
        raise Refused(Fault("", "link_unusable"))
    account.email = new
    mail_links.void(MailLink.Purpose.PASSWORD_RESET, account)
    if temporary_logins.is_placeholder(old):
        # The temporary login ID has done its work; there is no old address to undo it from.
        TemporaryLogin.objects.filter(account=account, used_at=None).update(used_at=clock.now())
        _note(account, "login_restored", {"email": new}, origin)
        security_notices.tell(account, "login_restored", origin=origin, params={"email": new})
        return account
    days = numbers.get("identity.email_undo_days")
    undo = mail_links.make(
        UNDO, account, lifetime=timedelta(days=days), payload={"email": old, "changed_to": new}
    )
    _note(account, "email_changed", {"email": new, "old_email": old}, origin)
    params = {"email": new}
    security_notices.tell(account, "email_changed", origin=origin, params=params)
    security_notices.tell(
        account,
        "email_changed",
        origin=origin,
        params=params,
        to=old,
        action=(
            gettext_lazy("This wasn't me: undo the change"),
            mail_links.address("email_change_undo", undo),
        ),
    )
    return account


def undo_email_change(token: str, *, origin: Origin) -> Account:
    """Give the account its old sign-in address back, end its sessions, lock it until a reset.

    Whatever the person who made the change may have set going is stopped: later undo links,
    waiting changes, links for a new password, a deletion, second steps added since then.

    Raises:
        Refused: ``link_unusable``: used, run out or void; ``address_taken``: the old address has
            an account of its own by now.

    """
    try:
        with transaction.atomic():
            return _undo(token, origin)
    except IntegrityError as taken:
        raise Refused(Fault("", "address_taken")) from taken


def _undo(token: str, origin: Origin) -> Account:
    link = mail_links.find(UNDO, token)
    if link is None or not mail_links.use(link):
        raise Refused(Fault("", "link_unusable"))
    account, present, old = link.account, link.account.email, str(link.payload["email"])
    changed = (
        Account.objects.filter(pk=account.pk)
        .exclude(state=Account.State.DELETED)
        .update(
            email=old,
            email_verified_at=clock.now(),
            deletion_due_at=None,
            updated_at=clock.now(),
        )
    )
    if not changed:
        raise Refused(Fault("", "link_unusable"))
    # Whoever made the change knows the password: only a new one opens the account again.
    Account.objects.filter(pk=account.pk, state=Account.State.ACTIVE).update(
        state=Account.State.LOCKED, locked_at=clock.now()
    )
    outbox.emit("identity.account_locked", {"account_id": account.pk})
    # The old address may have been made the recovery address by whoever took the account.
    Account.objects.filter(pk=account.pk, recovery_email=old).update(
        recovery_email="", recovery_email_verified_at=None
    )
    account.email = old
    mail_links.void(UNDO, account, after=link.pk)
    for purpose in (CHANGE, MailLink.Purpose.RECOVERY_EMAIL, MailLink.Purpose.PASSWORD_RESET):
        mail_links.void(purpose, account)
    sessions.end_other_sessions(
        account, keep=(), reason="email_change_undone", origin=origin, actor=None
    )
    methods.take_back(account, since=link.created_at, origin=origin)
    application_passwords.revoke_taken_back(account, origin=origin)
    _note(account, "email_change_undone", {"email": old, "old_email": present}, origin)
    security_notices.tell(account, "email_change_undone", origin=origin, params={"email": old})
    return account


def _note(account: Account, what: str, detail: dict[str, str], origin: Origin) -> None:
    # The log outlives the account, so it holds no whole address.
    masked = {key: masking.email(value) for key, value in detail.items()}
    audit.record(
        f"identity.{what}", actor=account.pk, subject=account.pk, origin=origin, detail=masked
    )
    outbox.emit(f"identity.{what}", {"account_id": account.pk})
