"""The last move of every sign-in: what was asked is proved, the session is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, statements
from hospes.foundation.services import audit, jobs, outbox
from hospes.identity.domain import assurance
from hospes.identity.services import sessions
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from hospes.identity.models import Account, Browser, Session
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that is complete. ``browser_token`` is the cookie's new value."""

    account: Account
    session: Session
    browser_token: str
    new_device: bool


@transaction.atomic
def complete(
    account: Account,
    browser: Browser | None,
    *,
    new_device: bool,
    origin: Origin,
    amr: Collection[str] = assurance.PASSWORD,
    trusted: bool = False,
    second_step: str = "",
) -> SignedIn:
    """Open the session of a person who has proved everything asked of them.

    An account with two-step verification gets none for less than two factors, except on a browser
    it trusts: the row is asked again here, for it may have been switched on since it was read.
    ``second_step`` is how it was proved, for the log.

    Raises:
        Refused: ``wrong`` where the account was locked, deleted, given another password or
            two-step verification meanwhile.

    """
    now = clock.now()
    enough = trusted or assurance.has_two_factors(amr)
    still_so = statements.change(
        "UPDATE identity_account SET failed_passwords = 0, last_sign_in_at = %s"
        " WHERE id = %s AND state = 'active' AND password_changed_at = %s"
        " AND (two_step_since IS NULL OR %s)",
        statements.instant(now),
        account.pk,
        statements.instant(account.password_changed_at),
        enough,
    )
    if not still_so:
        raise Refused(Fault("", "wrong"))
    session, token = sessions.open_session(account, browser, origin=origin, amr=amr)
    audit.record(
        "identity.signed_in",
        actor=account.pk,
        subject=account.pk,
        target=f"session:{session.public_id}",
        origin=origin,
        detail={"new_device": new_device} | ({"second_step": second_step} if second_step else {}),
    )
    outbox.emit("identity.signed_in", {"account_id": account.pk, "session_id": session.pk})
    if new_device or account.mail_on_sign_in:
        jobs.enqueue("identity.tell_sign_in", {"session_id": session.pk, "new_device": new_device})
    return SignedIn(account, session, token, new_device)
