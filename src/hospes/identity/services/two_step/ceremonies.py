"""Challenges for passkeys: handed to one browser, for one purpose, good for one answer."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation import clock, numbers
from hospes.identity.domain import relying_party, tokens
from hospes.identity.models import PasskeyCeremony

if TYPE_CHECKING:
    from hospes.identity.domain.relying_party import RelyingParty
    from hospes.identity.models import Account

Purpose = PasskeyCeremony.Purpose

# W3C Web Authentication §13.4.3 asks for 16 at least.
CHALLENGE_BYTES = 32


def party() -> RelyingParty:
    """Return what this installation's passkeys are bound to."""
    return relying_party.of(settings.HOSPES.base_url)


def lifetime() -> timedelta:
    """Return how long a passkey may take to answer."""
    return timedelta(minutes=numbers.get("identity.passkey_minutes"))


def begin(purpose: Purpose, *, account: Account | None, browser_value: str) -> bytes:
    """Return a fresh challenge for the browser that holds ``browser_value``.

    ``account`` is None where nobody has said yet who they are.
    """
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    now = clock.now()
    PasskeyCeremony.objects.create(
        challenge_hash=_fingerprint(challenge),
        purpose=purpose,
        browser_hash=tokens.fingerprint(browser_value),
        account=account,
        created_at=now,
        expires_at=now + lifetime(),
    )
    return challenge


def take(
    purpose: Purpose, challenge: bytes, *, account: Account | None, browser_value: str
) -> bool:
    """Use a challenge up; False where this browser was given none such, or it is used or old.

    Whatever the answer that came with it turns out to be, it cannot be tried a second time.
    """
    if not browser_value:
        return False
    now = clock.now()
    taken = PasskeyCeremony.objects.filter(
        challenge_hash=_fingerprint(challenge),
        purpose=purpose,
        browser_hash=tokens.fingerprint(browser_value),
        account=account,
        used_at=None,
        expires_at__gt=now,
    ).update(used_at=now)
    return taken == 1


def _fingerprint(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
