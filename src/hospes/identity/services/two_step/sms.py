"""Codes by SMS as a method: for numbers of the countries that the provider lists."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from hospes.foundation import clock
from hospes.foundation.gateways import channels
from hospes.identity.domain import phones, throttling
from hospes.identity.models import Method, SentCode
from hospes.identity.services import sent_codes
from hospes.identity.services.two_step import methods
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.models import Account, SignInStep
    from hospes.kit.origin import Origin

Purpose = SentCode.Purpose


def is_offered() -> bool:
    """Return whether an SMS has a way out."""
    return channels.sends_sms()


def begin(account: Account, *, name: str, phone: str, region: str) -> Method:
    """Keep a number that counts once ``confirm`` got the code sent there.

    ``phone`` is read for ``region`` (ISO 3166) where it has no ``+``.

    Raises:
        Refused: ``name`` ``missing`` or ``too_long``; ``phone`` ``required``, ``invalid``,
            ``country`` (not one of the provider's, with ``countries``) or ``taken``.

    """
    tidy, faults = "", list[Fault]()
    try:
        tidy = methods.checked_name(name)
    except Refused as refused:
        faults += refused.faults
    number = phones.parse(phone, region)
    if not number:
        faults.append(Fault("phone", "invalid" if phone.strip() else "required"))
    elif phones.region_of(number) not in settings.HOSPES.sms_countries:
        listed = ", ".join(settings.HOSPES.sms_countries)
        faults.append(Fault("phone", "country", {"countries": listed}))
    if faults:
        raise Refused(faults)
    Method.objects.filter(account=account, kind=Method.Kind.SMS, confirmed_at=None).delete()
    try:
        with transaction.atomic():
            return Method.objects.create(
                public_id=str(uuid.uuid4()),
                account=account,
                kind=Method.Kind.SMS,
                name=tidy,
                phone=number,
                created_at=clock.now(),
            )
    except IntegrityError as taken:
        raise Refused(Fault("phone", "taken")) from taken


def waiting(account: Account, public_id: str) -> Method | None:
    """Return the unconfirmed number of that ID; None where it is no such."""
    return Method.objects.filter(
        account=account,
        public_id=public_id,
        kind=Method.Kind.SMS,
        confirmed_at=None,
        removed_at=None,
    ).first()


def send(method: Method, *, origin: Origin, step: SignInStep | None = None) -> None:
    """Have a code sent to the number: for ``step``, or to confirm the method.

    Raises:
        Refused: ``too_many_codes`` with ``minutes``.

    """
    sent_codes.ask(
        Purpose.SECOND_STEP if step else Purpose.CONFIRM_METHOD,
        account=method.account,
        phone=method.phone,
        method=method,
        step=step,
        network=throttling.network_key(origin.ip),
    )


def open_code(method: Method, *, step: SignInStep | None = None) -> SentCode | None:
    """Return the code that was sent last and may still be typed in."""
    row = (
        SentCode.objects.filter(
            purpose=Purpose.SECOND_STEP if step else Purpose.CONFIRM_METHOD,
            method=method,
            step=step,
        )
        .order_by("-pk")
        .first()
    )
    return row if row is not None and sent_codes.is_open(row) else None


def accepts(method: Method, typed: str, *, step: SignInStep | None = None) -> bool:
    """Return whether ``typed`` is the code that was sent; it is used up."""
    row = open_code(method, step=step)
    return row is not None and method.removed_at is None and sent_codes.use(row, typed)


def confirm(method: Method, typed: str, *, origin: Origin) -> tuple[str, ...]:
    """Let the number count after its code; return backup codes if it is the first method.

    Raises:
        Refused: ``code`` ``wrong``.

    """
    if not accepts(method, typed):
        raise Refused(Fault("code", "wrong"))
    return methods.activate(method, origin=origin)
