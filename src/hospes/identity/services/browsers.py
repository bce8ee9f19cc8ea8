"""What a browser keeps: its current account, and the sealed list of accounts it remembers."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, numbers, sealing
from hospes.foundation.services import audit
from hospes.identity.domain import remembered
from hospes.identity.models import Browser, Session

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

CONTEXT = "identity.remembered_accounts"


def open_device(cookie: str) -> remembered.Device:
    """Return the list in the cookie; a new, empty one where there is none or it was changed."""
    if cookie:
        try:
            return remembered.load(sealing.open_sealed(cookie, context=CONTEXT))
        except (sealing.CannotOpen, ValueError):
            pass
    return remembered.Device(device_id=secrets.token_urlsafe(9))


def seal_device(device: remembered.Device) -> str:
    """Return the cookie's value: encrypted and authenticated."""
    return sealing.seal(remembered.dump(device), context=CONTEXT)


def remember(device: remembered.Device, account: Account) -> remembered.Device:
    """Return the list with the account first, as it is called today."""
    return device.remember(
        remembered.Remembered(public_id=account.public_id, email=account.email, name=account.name),
        most=numbers.get("identity.accounts_per_browser"),
    )


@transaction.atomic
def switch(session: Session, *, origin: Origin) -> bool:
    """Make ``session``, one of this browser's living ones, the current one.

    Returns False, and changes nothing, where it ended in the meantime.
    """
    now = clock.now()
    switched = Browser.objects.filter(
        pk=session.browser_id,
        sessions__in=Session.objects.filter(pk=session.pk, ended_at=None),
    ).update(current_session=session)
    if not switched:
        return False
    Session.objects.filter(pk=session.pk).update(last_seen_at=now)
    audit.record(
        "identity.account_switched",
        actor=session.account_id,
        subject=session.account_id,
        target=f"session:{session.public_id}",
        origin=origin,
    )
    return True
