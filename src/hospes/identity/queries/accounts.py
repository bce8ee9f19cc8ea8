"""Reads of accounts."""

from __future__ import annotations

from functools import cache

from hospes.foundation import statements
from hospes.identity.domain import addresses
from hospes.identity.models import Account


def by_email(email: str) -> Account | None:
    """Return the account with this sign-in address, however it was typed."""
    rows = statements.read((Account,), _by_email(), addresses.normalise(email))
    return rows[0][0] if rows else None


@cache
def _by_email() -> str:
    return f"""
        SELECT {statements.columns(Account)} FROM identity_account
        WHERE email = %s AND state <> 'deleted'
    """  # noqa: S608 - the columns are those of our own model
