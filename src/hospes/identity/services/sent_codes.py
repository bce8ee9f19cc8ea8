"""Codes sent by SMS that lead back in, or prove that a phone is its owner's.

A row is made when the code is asked for, the code itself only when it is sent: until then nothing
that could be typed in exists, and an unknown phone's row never gets one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation

from hospes.foundation import clock, numbers
from hospes.foundation.services import jobs, messages
from hospes.identity.domain import phones
from hospes.identity.mails import getting_back as mails
from hospes.identity.models import Account, SentCode
from hospes.identity.services import limits
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from typing import Any

    from hospes.identity.models import Method, SignInStep

DIGITS = 6
SEND = "identity.send_code"
Purpose = SentCode.Purpose
OF_ANY_NUMBER = frozenset({Purpose.CONFIRM_METHOD, Purpose.CONFIRM_RECOVERY_PHONE})


def ask(
    purpose: SentCode.Purpose,
    *,
    account: Account | None,
    phone: str,
    browser_hash: str = "",
    method: Method | None = None,
    step: SignInStep | None = None,
    network: str = "",
) -> SentCode:
    """Have a code sent to ``phone``; with ``phone`` "" everything looks the same and nothing is.

    Earlier codes for the same purpose, account, step and browser end. ``network`` is where the
    request comes from, as ``throttling.network_key`` names it.

    Raises:
        Refused: ``too_many_codes`` with ``minutes``, or ``country`` where the provider sends none
            there.

    """
    if phone:
        _admit(purpose, account, phone, network, step)
    now = clock.now()
    with transaction.atomic():
        if account is not None:
            # Another sign-in's code is left alone: it is not for whoever asks here.
            SentCode.objects.filter(
                account=account,
                purpose=purpose,
                step=step,
                browser_hash=browser_hash,
                used_at=None,
            ).update(used_at=now)
        row = SentCode.objects.create(
            purpose=purpose,
            account=account,
            browser_hash=browser_hash,
            method=method,
            step=step,
            phone=phone,
            salt=secrets.token_hex(16),
            code_hash="",
            created_at=now,
            expires_at=now + timedelta(minutes=numbers.get("identity.sms_code_minutes")),
        )
        jobs.enqueue(SEND, {"sent_code_id": row.pk})
    return row


def _admit(
    purpose: SentCode.Purpose,
    account: Account | None,
    phone: str,
    network: str,
    step: SignInStep | None,
) -> None:
    if phones.region_of(phone) not in settings.HOSPES.sms_countries:
        raise Refused(Fault("", "country"))
    # Each purpose has its own count: what strangers may ask for keeps nobody out of the rest. So
    # have devices that the account knows: who only knows the password does not use theirs up.
    known = "known:" if step is not None and not step.new_device else ""
    counted = [(f"identity.sent_codes.{purpose}", f"{known}{phone}")]
    if purpose in OF_ANY_NUMBER and account is not None:
        # Somebody signed in names one number after the other, at the provider's expense.
        counted.append(("identity.sent_codes_of", account.public_id))
    limit = numbers.get("identity.sms_codes_per_hour")
    bounds = [(name, key, limit) for name, key in counted]
    if network and purpose in OF_ANY_NUMBER:
        # Messages cost money: fresh accounts and fresh numbers do not escape this one. Codes that
        # lead in have none of it, lest neighbours behind one address shut each other out.
        most = numbers.get("identity.sms_per_network_per_hour")
        bounds.append(("identity.sent_codes.network", network, most))
    for name, key, most in bounds:
        limits.admit(name, key, limit=most, code="too_many_codes")


def send(payload: dict[str, Any]) -> None:
    """Make the code and send it; what has run out meanwhile is left alone."""
    with transaction.atomic():
        row = SentCode.objects.filter(
            pk=payload["sent_code_id"], used_at=None, expires_at__gt=clock.now()
        ).first()
        if row is None or row.account is None or not row.phone:
            return
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        SentCode.objects.filter(pk=row.pk).update(code_hash=_hash(row, code))
        with translation.override(row.account.locale):
            text = _text(row, code)
        messages.send_sms(
            text, to=row.phone, locale=row.account.locale, kind=f"identity.code_{row.purpose}"
        )


def _text(row: SentCode, code: str) -> str:
    minutes = numbers.get("identity.sms_code_minutes")
    if row.purpose == Purpose.RECOVERY:
        return mails.reset_code_text(code=code, minutes=minutes)
    if row.purpose == Purpose.CONFIRM_RECOVERY_PHONE:
        return mails.phone_code_text(code=code)
    text = mails.sign_in_code_text(code=code, minutes=minutes)
    # Phones offer the code to pages of this host only (W3C/WICG, Origin-bound one-time codes).
    return f"{text}\n\n@{settings.HOSPES.hostname} #{code}"


def use(row: SentCode, typed: str) -> bool:
    """Return whether ``typed`` is the code; a right one is used up, a wrong one counts.

    Of several who try at once with the right code one gets True.
    """
    now, tries = clock.now(), numbers.get("identity.sms_code_tries")
    # Counted before the code is looked at, so that parallel guesses cannot outrun the limit.
    admitted = SentCode.objects.filter(
        pk=row.pk, used_at=None, expires_at__gt=now, tries__lt=tries
    ).update(tries=F("tries") + 1)
    if not admitted:
        return False
    code_hash = SentCode.objects.values_list("code_hash", flat=True).get(pk=row.pk)
    digits = "".join(character for character in typed if character.isalnum())
    if not hmac.compare_digest(code_hash, _hash(row, digits)):
        return False
    return bool(SentCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now))


def is_open(row: SentCode) -> bool:
    """Return whether the code may still be typed in."""
    return (
        row.used_at is None
        and row.expires_at > clock.now()
        and row.tries < numbers.get("identity.sms_code_tries")
    )


def _hash(row: SentCode, code: str) -> str:
    return hashlib.sha256(f"{row.salt}:{code}".encode()).hexdigest()
