"""Reads of sessions and browsers."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from hospes.foundation import clock, numbers, statements
from hospes.identity.domain.lifetimes import Lifetimes
from hospes.identity.domain.tokens import fingerprint
from hospes.identity.models import Account, Browser, Session

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def lifetimes() -> Lifetimes:
    """Return how long sessions last, as the provider set it."""
    return Lifetimes(
        idle=timedelta(days=numbers.get("identity.session_idle_days")),
        absolute=timedelta(days=numbers.get("identity.session_absolute_days")),
    )


def living(now: datetime) -> QuerySet[Session]:
    """Return the sessions that nobody ended and no clock has."""
    limits = lifetimes()
    return Session.objects.filter(
        ended_at=None,
        last_seen_at__gt=limits.seen_after(now),
        created_at__gt=limits.begun_after(now),
    ).exclude(account__state=Account.State.DELETED)


def of_browser(token: str) -> tuple[Session, ...]:
    """Return the browser's living sessions with account and browser loaded: one query."""
    now = clock.now()
    limits = lifetimes()
    found = []
    for session, session.account, session.browser in statements.read(
        (Session, Account, Browser),
        _of_browser(),
        fingerprint(token),
        statements.instant(limits.seen_after(now)),
        statements.instant(limits.begun_after(now)),
    ):
        found.append(session)
    return tuple(found)


@cache
def _of_browser() -> str:
    # Every page asks this: its text is built once.
    return f"""
        SELECT {statements.columns(Session, Account, Browser)}
        FROM identity_session
        JOIN identity_browser ON identity_browser.id = identity_session.browser_id
        JOIN identity_account ON identity_account.id = identity_session.account_id
        WHERE identity_browser.token_hash = %s
        AND identity_session.ended_at IS NULL
        AND identity_session.last_seen_at > %s
        AND identity_session.created_at > %s
        AND identity_account.state <> 'deleted'
        ORDER BY identity_session.id
    """  # noqa: S608 - the columns are those of our own models


def of_account(account: Account) -> tuple[Session, ...]:
    """Return all living sessions of an account, last seen first: one query."""
    return tuple(
        living(clock.now())
        .filter(account=account)
        .select_related("browser")
        .order_by("-last_seen_at")
    )


def browser_by_token(token: str) -> Browser | None:
    """Return the browser that holds this cookie, whether or not anybody is signed in on it."""
    if not token:
        return None
    rows = statements.read((Browser,), _by_token(), fingerprint(token))
    return rows[0][0] if rows else None


@cache
def _by_token() -> str:
    return f"SELECT {statements.columns(Browser)} FROM identity_browser WHERE token_hash = %s"  # noqa: S608 - our own columns


def has_been_here(browser: Browser, account: Account) -> bool:
    """Return whether the account has ever been signed in on this browser."""
    return Session.objects.filter(browser=browser, account=account).exists()
