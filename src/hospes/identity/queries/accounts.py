"""Reads of accounts."""

from __future__ import annotations

from functools import cache

from hospes.foundation import clock, statements
from hospes.identity.domain import addresses, temporary_logins
from hospes.identity.models import Account, TemporaryLogin


def by_email(email: str) -> Account | None:
    """Return the account with this sign-in address, however it was typed."""
    rows = statements.read((Account,), _by_email(), addresses.normalise(email))
    return rows[0][0] if rows else None


def by_login(login: str) -> Account | None:
    """Return the account with this sign-in address or living temporary login ID, as typed."""
    temporary = temporary_logins.read(login) if "@" not in login else ""
    if not temporary:
        return None if temporary_logins.is_placeholder(login) else by_email(login)
    found = (
        TemporaryLogin.objects.filter(login=temporary, used_at=None, expires_at__gt=clock.now())
        .exclude(account__state=Account.State.DELETED)
        .select_related("account")
        .first()
    )
    return found.account if found else None


@cache
def _by_email() -> str:
    return f"""
        SELECT {statements.columns(Account)} FROM identity_account
        WHERE email = %s AND state <> 'deleted'
    """  # noqa: S608 - the columns are those of our own model
