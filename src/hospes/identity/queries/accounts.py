"""Reads of accounts."""

from __future__ import annotations

from hospes.identity.domain import addresses
from hospes.identity.models import Account


def by_email(email: str) -> Account | None:
    """Return the account with this sign-in address, however it was typed."""
    return (
        Account.objects.filter(email=addresses.normalise(email))
        .exclude(state=Account.State.DELETED)
        .first()
    )
