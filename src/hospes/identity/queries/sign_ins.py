"""Reads of sessions and browsers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hospes.foundation import clock, numbers
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
    return tuple(
        living(clock.now())
        .filter(browser__token_hash=fingerprint(token))
        .select_related("account", "browser")
        .order_by("pk")
    )


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
    return Browser.objects.filter(token_hash=fingerprint(token)).first()


def has_been_here(browser: Browser, account: Account) -> bool:
    """Return whether the account has ever been signed in on this browser."""
    return Session.objects.filter(browser=browser, account=account).exists()
