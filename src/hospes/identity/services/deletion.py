"""An account's end: asked for, withdrawn by signing in, carried out after the days of grace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation

from hospes.foundation import clock, numbers, statements
from hospes.foundation.services import audit, outbox
from hospes.foundation.services.messages import send_mail
from hospes.identity.domain import addresses
from hospes.identity.mails import settings as mails
from hospes.identity.models import (
    Account,
    ApplicationPassword,
    DataExport,
    MailLink,
    Session,
    SignUp,
)
from hospes.identity.services import (
    export,
    mail_links,
    pictures,
    security_notices,
    sessions,
)
from hospes.identity.services.two_step import leaving
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from hospes.kit.origin import Origin

    Speaker = Callable[[Account], list[StrOrPromise]]

# RFC 2606 keeps .invalid free, so no mail ever goes there and nobody can sign up with it.
NOWHERE = "deleted.invalid"

_obstacles: list[Speaker] = []
_losses: list[Speaker] = []


@dataclass(frozen=True, slots=True)
class AskDeletion:
    """``typed_email`` is the account's own address, typed as a confirmation."""

    typed_email: str


def register_obstacle(speaker: Speaker) -> None:
    """Have ``speaker(account)`` say what must be handed over before the account may go."""
    if speaker not in _obstacles:
        _obstacles.append(speaker)


def register_loss(speaker: Speaker) -> None:
    """Have ``speaker(account)`` name what goes with the account."""
    if speaker not in _losses:
        _losses.append(speaker)


def obstacles(account: Account) -> tuple[str, ...]:
    """Return what stands against the deletion, in the active language."""
    return tuple(str(text) for speaker in _obstacles for text in speaker(account))


def losses(account: Account) -> tuple[str, ...]:
    """Return what else goes with the account, in the active language."""
    return tuple(str(text) for speaker in _losses for text in speaker(account))


def ask_deletion(command: AskDeletion, *, acting_account: Account, origin: Origin) -> datetime:
    """Plan the account's end after the days of grace, and sign it out everywhere.

    Returns when it will be gone. Signing in before then keeps it.

    Raises:
        Refused: ``typed_email`` ``mismatch``; ``obstacles``; ``being_deleted``.

    """
    if addresses.normalise(command.typed_email) != acting_account.email:
        raise Refused(Fault("typed_email", "mismatch"))
    if obstacles(acting_account):
        raise Refused(Fault("", "obstacles"))
    due = clock.now() + timedelta(days=numbers.get("identity.deletion_grace_days"))
    with transaction.atomic():
        planned = Account.objects.filter(
            pk=acting_account.pk, deletion_due_at=None, state=Account.State.ACTIVE
        ).update(deletion_due_at=due, updated_at=clock.now())
        if not planned:
            raise Refused(Fault("", "being_deleted"))
        audit.record(
            "identity.deletion_requested",
            actor=acting_account.pk,
            subject=acting_account.pk,
            origin=origin,
            detail={"due": due.isoformat()},
        )
        outbox.emit("identity.deletion_requested", {"account_id": acting_account.pk})
        sessions.end_other_sessions(
            acting_account, keep=(), reason="deletion", origin=origin, actor=acting_account
        )
        security_notices.tell(
            acting_account,
            "deletion_requested",
            origin=origin,
            params={"date": security_notices.words_for(acting_account, due)},
        )
    return due


def keep_signed_in_account(payload: dict[str, Any]) -> None:
    """Withdraw the deletion of the account that has just signed in (event ``signed_in``)."""
    withdrawn = statements.change(
        "UPDATE identity_account SET deletion_due_at = NULL, updated_at = %s"
        " WHERE id = %s AND deletion_due_at IS NOT NULL",
        statements.instant(clock.now()),
        payload["account_id"],
    )
    if not withdrawn:
        return
    session = Session.objects.select_related("account").get(pk=payload["session_id"])
    account = session.account
    origin = security_notices.origin_of(session)
    audit.record("identity.deletion_withdrawn", actor=account.pk, subject=account.pk, origin=origin)
    outbox.emit("identity.deletion_withdrawn", {"account_id": account.pk})
    security_notices.tell(account, "deletion_withdrawn", origin=origin)


def delete_due() -> int:
    """Delete every account whose days of grace are over; return how many went."""
    due = Account.objects.filter(deletion_due_at__lte=clock.now()).exclude(
        state=Account.State.DELETED
    )
    return sum(_delete_or_stop(account_id) for account_id in due.values_list("pk", flat=True))


@transaction.atomic
def _delete_or_stop(account_id: int) -> bool:
    # Taken by a guarded update: whoever signs in at this very moment comes before or after.
    now = clock.now()
    taken = (
        Account.objects.filter(pk=account_id, deletion_due_at__lte=now)
        .exclude(state=Account.State.DELETED)
        .update(updated_at=now)
    )
    if not taken:
        return False
    account = Account.objects.get(pk=account_id)
    with translation.override(account.locale):
        reasons = obstacles(account)
        if reasons:
            _stop(account, reasons)
            return False
        farewell = mails.account_deleted(name=account.name)
    send_mail(farewell, to=account.email, locale=account.locale, kind="identity.account_deleted")
    _wipe(account)
    return True


def _stop(account: Account, reasons: tuple[str, ...]) -> None:
    Account.objects.filter(pk=account.pk).update(deletion_due_at=None)
    audit.record("identity.deletion_stopped", actor=None, subject=account.pk, origin=SYSTEM)
    mail = mails.deletion_stopped(
        name=account.name, reasons=reasons, url=mail_links.address("settings_data")
    )
    send_mail(mail, to=account.email, locale=account.locale, kind="identity.deletion_stopped")


def _wipe(account: Account) -> None:
    now = clock.now()
    email, picture = account.email, account.picture
    sessions.end_other_sessions(
        account, keep=(), reason="account_deleted", origin=SYSTEM, actor=None
    )
    Session.objects.filter(account=account).update(ip="", user_agent="")
    MailLink.objects.filter(account=account).delete()
    ApplicationPassword.objects.filter(account=account).delete()
    leaving.forget(account)
    SignUp.objects.filter(email=email).delete()
    for made in DataExport.objects.filter(account=account):
        export.discard(made)
    Account.objects.filter(pk=account.pk).update(
        email=f"{account.public_id}@{NOWHERE}",
        email_verified_at=None,
        first_name="",
        last_name="",
        locale="en",
        timezone="UTC",
        picture="",
        recovery_email="",
        recovery_email_verified_at=None,
        recovery_phone="",
        recovery_phone_verified_at=None,
        two_step_since=None,
        failed_codes=0,
        password_hash="",
        lock_after_failures=None,
        is_staff=False,
        state=Account.State.DELETED,
        deletion_due_at=None,
        deleted_at=now,
        updated_at=now,
    )
    audit.record("identity.account_deleted", actor=None, subject=account.pk, origin=SYSTEM)
    outbox.emit("identity.account_deleted", {"account_id": account.pk})
    transaction.on_commit(lambda: pictures.discard(picture))
