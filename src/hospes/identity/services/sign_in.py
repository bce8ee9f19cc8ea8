"""Signing in with a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, statements
from hospes.foundation.services import audit, jobs, outbox
from hospes.identity.domain import addresses
from hospes.identity.models import Account
from hospes.identity.queries import accounts, sign_ins
from hospes.identity.services import credentials, sessions
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.domain.remembered import Device
    from hospes.identity.models import Browser, Session
    from hospes.kit.origin import Origin

PASSWORD_METHODS = ("pwd",)  # RFC 8176 §2


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the person typed, and what their browser brought along.

    ``browser`` is the one with a living session that ``browser_token`` names, if it is known.
    """

    email: str
    password: str
    browser_token: str
    device: Device
    browser: Browser | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that is complete. ``browser_token`` is the cookie's new value."""

    account: Account
    session: Session
    browser_token: str
    new_device: bool


def sign_in(command: SignIn, *, origin: Origin) -> SignedIn:
    """Sign in on this browser, beside whoever else is signed in there.

    Raises:
        Refused: ``wrong`` (an unknown address, a wrong password and a locked account are not told
            apart) or ``throttled`` with ``minutes``.

    """
    email = addresses.normalise(command.email)
    account = accounts.by_email(email)
    remembered = account is not None and command.device.find(account.public_id) is not None
    credentials.check_password(
        account,
        command.password,
        email=email,
        device=f"device:{command.device.device_id}" if remembered else "",
        origin=origin,
    )
    if account is None:
        raise Refused(Fault("", "wrong"))
    browser = command.browser or sign_ins.browser_by_token(command.browser_token)
    known = remembered or (browser is not None and sign_ins.has_been_here(browser, account))
    return complete(account, browser, new_device=not known, origin=origin)


@transaction.atomic
def complete(
    account: Account, browser: Browser | None, *, new_device: bool, origin: Origin
) -> SignedIn:
    """Open the session of a person who has proved everything asked of them.

    Raises:
        Refused: where the account was locked, deleted or given another password meanwhile.

    """
    now = clock.now()
    still_so = statements.change(
        "UPDATE identity_account SET failed_passwords = 0, last_sign_in_at = %s"
        " WHERE id = %s AND state = 'active' AND password_changed_at = %s",
        statements.instant(now),
        account.pk,
        statements.instant(account.password_changed_at),
    )
    if not still_so:
        raise Refused(Fault("", "wrong"))
    session, token = sessions.open_session(account, browser, origin=origin, amr=PASSWORD_METHODS)
    audit.record(
        "identity.signed_in",
        actor=account.pk,
        subject=account.pk,
        target=f"session:{session.public_id}",
        origin=origin,
        detail={"new_device": new_device},
    )
    outbox.emit("identity.signed_in", {"account_id": account.pk, "session_id": session.pk})
    if new_device or account.mail_on_sign_in:
        jobs.enqueue("identity.tell_sign_in", {"session_id": session.pk, "new_device": new_device})
    return SignedIn(account, session, token, new_device)


def confirm(session: Session, password: str, *, origin: Origin) -> str:
    """Have the signed-in person give their password again; return the new cookie value.

    Raises:
        Refused: ``wrong`` or ``throttled``.

    """
    credentials.check_own_password(session.account, password, origin=origin)
    with transaction.atomic():
        Account.objects.filter(pk=session.account_id).update(failed_passwords=0)
        audit.record(
            "identity.password_confirmed",
            actor=session.account_id,
            subject=session.account_id,
            target=f"session:{session.public_id}",
            origin=origin,
        )
        return sessions.confirm_session(session)
