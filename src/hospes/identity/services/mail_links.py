"""Single-use links sent by mail: given out, looked at, used up, made void."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from hospes.foundation import clock
from hospes.identity.domain import tokens
from hospes.identity.models import MailLink

if TYPE_CHECKING:
    from datetime import timedelta

    from hospes.identity.models import Account


def give_out(
    account: Account,
    purpose: MailLink.Purpose,
    *,
    valid_for: timedelta,
    payload: dict[str, Any] | None = None,
) -> str:
    """Write a link and return its token, which only the mail holds; the row has its hash."""
    token = secrets.token_urlsafe(tokens.BYTES)
    now = clock.now()
    MailLink.objects.create(
        token_hash=tokens.fingerprint(token),
        purpose=purpose,
        account=account,
        payload=payload or {},
        created_at=now,
        expires_at=now + valid_for,
    )
    return token


def look_at(token: str, purpose: MailLink.Purpose) -> MailLink | None:
    """Return the link if it can still be used; changes nothing."""
    return (
        MailLink.objects.select_related("account")
        .filter(
            token_hash=tokens.fingerprint(token),
            purpose=purpose,
            used_at=None,
            expires_at__gt=clock.now(),
        )
        .first()
    )


def use_up(token: str, purpose: MailLink.Purpose) -> MailLink | None:
    """Use the link, once for whoever comes first; None where it is used, run out or unknown."""
    now = clock.now()
    used = MailLink.objects.filter(
        token_hash=tokens.fingerprint(token), purpose=purpose, used_at=None, expires_at__gt=now
    ).update(used_at=now)
    if not used:
        return None
    return MailLink.objects.select_related("account").get(token_hash=tokens.fingerprint(token))


def make_void(account: Account, *purposes: MailLink.Purpose, after: int = 0) -> int:
    """Make the account's unused links for these purposes void, those newer than row ``after``."""
    return MailLink.objects.filter(
        account=account, purpose__in=purposes, used_at=None, pk__gt=after
    ).update(used_at=clock.now())
