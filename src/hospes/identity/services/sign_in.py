"""Signing in with a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation.services import audit
from hospes.identity.domain import addresses, assurance, temporary_logins
from hospes.identity.models import Account
from hospes.identity.queries import accounts, sign_ins
from hospes.identity.services import credentials, sessions
from hospes.identity.services.opening import SignedIn, complete
from hospes.identity.services.two_step import steps
from hospes.identity.services.two_step.steps import StepNeeded
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.domain.remembered import Device
    from hospes.identity.models import Browser, Session
    from hospes.kit.origin import Origin

__all__ = [
    "PASSWORD_METHODS",
    "SignIn",
    "SignedIn",
    "StepNeeded",
    "complete",
    "confirm",
    "sign_in",
]

PASSWORD_METHODS = assurance.PASSWORD


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the person typed, and what their browser brought along.

    ``browser`` is the one with a living session that ``browser_token`` names, if it is known.
    ``continue_to`` is the local page that a second step, if any, leads to.
    """

    email: str
    password: str
    browser_token: str
    device: Device
    browser: Browser | None = None
    continue_to: str = "/"


def sign_in(command: SignIn, *, origin: Origin) -> SignedIn | StepNeeded:
    """Sign in on this browser, beside whoever else is signed in there.

    Where the account has two-step verification and does not trust this browser, nobody is signed
    in yet: the step that is returned must be finished first.

    Raises:
        Refused: ``wrong`` (an unknown address, a wrong password and a locked account are not told
            apart) or ``throttled`` with ``minutes``.

    """
    email = temporary_logins.canonical(addresses.normalise(command.email))
    account = accounts.by_login(email)
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
    if account.two_step_since is None:
        return complete(account, browser, new_device=not known, origin=origin)
    return steps.after_password(
        account, browser, new_device=not known, continue_to=command.continue_to, origin=origin
    )


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
        return sessions.confirm_session(session, amr=PASSWORD_METHODS)
