"""Single-use links sent by mail: made, looked at, used up."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from hospes.foundation import clock
from hospes.identity.domain import tokens
from hospes.identity.models import MailLink

if TYPE_CHECKING:
    from datetime import timedelta

    from hospes.identity.models import Account


def new_token() -> tuple[str, str]:
    """Return a fresh value for a link and the hash to store."""
    value = secrets.token_urlsafe(tokens.BYTES)
    return value, tokens.fingerprint(value)


def address(url_name: str, token: str = "") -> str:
    """Return the full address of a page: always the configured one, never the Host header's."""
    path = reverse(url_name, args=[token] if token else None)
    return f"{settings.HOSPES.base_url}{path}"


def make(
    purpose: MailLink.Purpose,
    account: Account,
    *,
    lifetime: timedelta,
    payload: dict[str, Any] | None = None,
) -> str:
    """Store a link's hash and return its value."""
    value, stored = new_token()
    now = clock.now()
    MailLink.objects.create(
        token_hash=stored,
        purpose=purpose,
        account=account,
        payload=payload or {},
        created_at=now,
        expires_at=now + lifetime,
    )
    return value


def find(purpose: MailLink.Purpose, token: str) -> MailLink | None:
    """Return the link if it may still be used; looking changes nothing."""
    return (
        MailLink.objects.filter(
            token_hash=tokens.fingerprint(token),
            purpose=purpose,
            used_at=None,
            expires_at__gt=clock.now(),
        )
        .select_related("account")
        .first()
    )


def use(link: MailLink) -> bool:
    """Use the link up; only one of several who try at once gets True."""
    now = clock.now()
    return (
        MailLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now)
        == 1
    )


def void(purpose: MailLink.Purpose, account: Account, *, after: int = 0) -> None:
    """Make the account's unused links of this purpose worthless, those newer than row ``after``."""
    MailLink.objects.filter(account=account, purpose=purpose, used_at=None, pk__gt=after).update(
        used_at=clock.now()
    )
