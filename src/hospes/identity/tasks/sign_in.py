"""Jobs of signing in and getting back in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hospes.foundation import registry
from hospes.identity.models import Account, Session
from hospes.identity.services import purging, recovery, sent_codes, sign_in_notices
from hospes.identity.services.getting_back import reminders
from hospes.kit.origin import Origin

PURGE = "identity.purge_sign_ins"


def _account(payload: dict[str, Any]) -> Account | None:
    return (
        Account.objects.filter(pk=payload["account_id"])
        .exclude(state=Account.State.DELETED)
        .first()
    )


@registry.task("identity.tell_sign_in")
def tell_sign_in(payload: dict[str, Any]) -> None:
    """Mail the owner about a sign-in."""
    session = Session.objects.filter(pk=payload["session_id"]).select_related("account").first()
    if session is not None:
        sign_in_notices.tell_sign_in(
            session,
            origin=Origin(ip=session.ip, user_agent=session.user_agent),
            new_device=payload["new_device"],
        )


@registry.task("identity.tell_failed_sign_in")
def tell_failed_sign_in(payload: dict[str, Any]) -> None:
    """Mail the owner about a wrong password; for an unknown address there is nobody to tell."""
    account = _account(payload)
    if account is None:
        return
    at = datetime.fromisoformat(payload["at"])
    origin = Origin(ip=payload["ip"], user_agent=payload["user_agent"])
    if payload["locked"]:
        sign_in_notices.tell_locked(account, at=at, origin=origin)
    elif account.mail_on_failed_sign_in:
        sign_in_notices.tell_failed_sign_in(account, at=at, origin=origin)


@registry.task("identity.send_reset_link")
def send_reset_link(payload: dict[str, Any]) -> None:
    """Mail a link for a new password; an unknown address gets nothing."""
    account = _account(payload)
    if account is not None:
        recovery.send_reset_link(account, way=payload.get("way", "mail"))


@registry.task(sent_codes.SEND)
def send_code(payload: dict[str, Any]) -> None:
    """Send a code by SMS."""
    sent_codes.send(payload)


@registry.task(reminders.SEND)
def send_login_reminder(payload: dict[str, Any]) -> None:
    """Send a forgotten login; an unknown phone gets nothing."""
    reminders.send(payload)


@registry.task(PURGE)
def purge(_payload: dict[str, Any]) -> None:
    """Delete what has run out."""
    purging.purge()


def register() -> None:
    """Put what runs on a schedule there."""
    registry.schedule(PURGE, timedelta(hours=6))
