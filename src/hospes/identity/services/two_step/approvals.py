"""Asking the account's phones on behalf of an application (CIBA): no sign-in of ours waits.

The application shows no number that could be compared; the phone shows its name and the message
that it gave, and a plain YES or NO is the answer.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.foundation import clock
from hospes.foundation.gateways import geoip
from hospes.foundation.services import audit
from hospes.identity.models import Account, Challenge
from hospes.identity.services.two_step import challenges, phones
from hospes.kit.faults import Fault, Refused
from hospes.protocols.push import answers
from hospes.protocols.push import challenges as rules
from hospes.protocols.push.challenges import Move, State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked. ``backchannel_id`` names the request that waits for the answer."""

    backchannel_id: str
    application_name: str
    message: str
    expires_at: datetime


def ask(account: Account, command: Ask, *, origin: Origin) -> Challenge:
    """Ask the phones, in the transaction that is open; ``origin`` is the application's.

    Raises:
        Refused: ``gone`` where the account is locked or deleted, ``no_phone`` where none is
            linked, ``too_many``: so many questions were refused or left open lately.

    """
    # Whoever comes second waits here, so that no two count the same questions.
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.state != Account.State.ACTIVE:
        raise Refused(Fault("", "gone"))
    asked = phones.living(account)
    if not asked:
        raise Refused(Fault("", "no_phone"))
    if challenges.minutes_without(account, applications_too=True):
        raise Refused(Fault("", "too_many"))
    challenge = Challenge.objects.create(
        public_id=str(uuid.uuid4()),
        account=account,
        backchannel_id=command.backchannel_id,
        nonce=answers.encoded(secrets.token_bytes(challenges.NONCE_BYTES)),
        state=State.OPEN,
        application_name=command.application_name,
        message=command.message,
        ip=origin.ip,
        user_agent=origin.user_agent[:400],
        place=geoip.place(origin.ip, account.locale)[:120],
        created_at=clock.now(),
        expires_at=command.expires_at,
    )
    challenges.tell_phones(challenge, asked)
    audit.record(
        "identity.approval_asked",
        actor=None,
        subject=account.pk,
        target=f"challenge:{challenge.public_id}",
        origin=origin,
        detail={"application": command.application_name, "phones": len(asked)},
    )
    return challenge


def withdraw(backchannel_ids: Collection[str]) -> int:
    """Take open questions back: their application may not ask any more."""
    return Challenge.objects.filter(
        backchannel_id__in=list(backchannel_ids), state=State.OPEN
    ).update(state=rules.moved(State.OPEN, Move.WITHDRAW), answered_at=clock.now())
