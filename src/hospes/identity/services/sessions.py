"""Sessions: opened, seen, ended."""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, numbers, statements
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import assurance, lifetimes, tokens
from hospes.identity.models import Browser, Session
from hospes.identity.queries import sign_ins

if TYPE_CHECKING:
    from collections.abc import Collection

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

SEEN_EVERY = timedelta(seconds=lifetimes.SEEN_EVERY_SECONDS)


def note_seen(session: Session) -> None:
    """Write that the session is in use, at most once a minute, whoever else writes too."""
    now = clock.now()
    if now - session.last_seen_at < SEEN_EVERY:
        return
    Session.objects.filter(pk=session.pk, ended_at=None, last_seen_at__lte=now - SEEN_EVERY).update(
        last_seen_at=now
    )


@transaction.atomic(savepoint=False)
def open_session(
    account: Account, browser: Browser | None, *, origin: Origin, amr: Collection[str]
) -> tuple[Session, str]:
    """Sign ``account`` in on ``browser`` (None: a new one) and make it the current account.

    Returns the session and the browser cookie's new value: every sign-in changes it, so that a
    value planted or seen beforehand is worth nothing (session fixation).
    """
    now = clock.now()
    new_browser = browser is None
    browser, token = _rotate(browser)
    session = Session(
        public_id=str(uuid.uuid4()),
        browser=browser,
        account=account,
        created_at=now,
        authenticated_at=now,
        last_seen_at=now,
        ip=origin.ip,
        user_agent=origin.user_agent,
        amr=sorted(amr),
        # Also where the session is renewed: what an earlier sign-in proved is not proved again.
        second_factor_at=now if assurance.has_two_factors(amr) else None,
    )
    if new_browser or not _reopen(session):
        if not new_browser:
            _end_expired(browser, account)
        statements.insert(session)
        if not new_browser:
            _end_surplus(browser, keep=session)
    if browser.current_session_id != session.pk:
        statements.change(
            "UPDATE identity_browser SET current_session_id = %s WHERE id = %s",
            session.pk,
            browser.pk,
        )
    browser.current_session = session
    return session, token


@transaction.atomic
def confirm_second_factor(session: Session, *, amr: Collection[str]) -> str | None:
    """Note that a second factor was proved just now; return the new cookie value.

    When the password was last given stays as it is. None, and nothing is written, where the
    session has ended.
    """
    now = clock.now()
    names = sorted(amr)
    living = Session.objects.filter(pk=session.pk, ended_at=None).update(
        amr=names, second_factor_at=now, last_seen_at=now
    )
    if not living:
        return None
    session.amr, session.second_factor_at = names, now
    _, token = _rotate(session.browser)
    return token


@transaction.atomic
def confirm_session(session: Session, *, amr: Collection[str] = ()) -> str:
    """Note that the person has just proved again who they are; return the new cookie value.

    ``amr`` is how they did, beside what this session knows already.
    """
    now = clock.now()
    names = sorted({*session.amr, *amr})
    Session.objects.filter(pk=session.pk, ended_at=None).update(
        authenticated_at=now, last_seen_at=now, amr=names
    )
    session.authenticated_at, session.amr = now, names
    _, token = _rotate(session.browser)
    return token


def _rotate(browser: Browser | None) -> tuple[Browser, str]:
    token = secrets.token_urlsafe(tokens.BYTES)
    now = clock.now()
    if browser is None:
        return Browser.objects.create(
            token_hash=tokens.fingerprint(token), created_at=now, last_seen_at=now
        ), token
    # Writing the row first makes parallel sign-ins on one browser wait for each other.
    row = statements.changed(
        "UPDATE identity_browser SET token_hash = %s, last_seen_at = %s WHERE id = %s"
        " RETURNING current_session_id",
        tokens.fingerprint(token),
        statements.instant(now),
        browser.pk,
    )
    if row:
        # As it is now that nobody else can change it.
        browser.current_session_id = row[0]
    return browser, token


def _reopen(fresh: Session) -> bool:
    """Renew the account's living session on this browser; False where there is none.

    ``fresh`` holds the new values, and gets the row's keys.
    """
    limits, now = sign_ins.lifetimes(), fresh.created_at
    found = statements.changed(
        "UPDATE identity_session SET created_at = %s, authenticated_at = %s, last_seen_at = %s,"
        " ip = %s, user_agent = %s, amr = %s, second_factor_at = %s"
        " WHERE browser_id = %s AND account_id = %s AND ended_at IS NULL"
        " AND last_seen_at > %s AND created_at > %s RETURNING id, public_id",
        *[statements.instant(now)] * 3,
        fresh.ip,
        fresh.user_agent,
        json.dumps(fresh.amr),
        statements.instant(fresh.second_factor_at) if fresh.second_factor_at else None,
        fresh.browser_id,
        fresh.account_id,
        statements.instant(limits.seen_after(now)),
        statements.instant(limits.begun_after(now)),
    )
    if found is None:
        return False
    fresh.pk, fresh.public_id = found
    fresh._state.adding = False  # noqa: SLF001 - it is a row now, as after Django's own save
    return True


def _end_expired(browser: Browser, account: Account) -> None:
    past = Session.objects.filter(browser=browser, account=account, ended_at=None)
    ids = list(past.values_list("pk", flat=True))
    if ids:
        _end(ids, account_id=account.pk, reason="expired")


def _end_surplus(browser: Browser, *, keep: Session) -> None:
    others = list(
        Session.objects.filter(browser=browser, ended_at=None)
        .exclude(pk=keep.pk)
        .order_by("-last_seen_at", "-pk")
        .values_list("pk", "account_id")
    )
    for pk, account_id in others[numbers.get("identity.accounts_per_browser") - 1 :]:
        _end([pk], account_id=account_id, reason="too_many")


def _end(ids: list[int], *, account_id: int, reason: str) -> int:
    now = clock.now()
    ended = Session.objects.filter(pk__in=ids, ended_at=None).update(
        ended_at=now, end_reason=reason
    )
    Browser.objects.filter(current_session__in=ids).update(current_session=None)
    if ended:
        outbox.emit(
            "identity.sessions_ended",
            {"account_id": account_id, "session_ids": ids, "reason": reason},
        )
    return ended


@transaction.atomic
def end_session(session: Session, *, reason: str, actor: Account | None, origin: Origin) -> bool:
    """End one session. Returns False where it had ended already, and then writes nothing."""
    if not _end([session.pk], account_id=session.account_id, reason=reason):
        return False
    audit.record(
        "identity.session_ended",
        actor=actor.pk if actor else None,
        subject=session.account_id,
        target=f"session:{session.public_id}",
        origin=origin,
        detail={"reason": reason},
    )
    return True


@transaction.atomic
def end_other_sessions(
    account: Account,
    *,
    keep: Collection[int],
    reason: str,
    origin: Origin,
    actor: Account | None = None,
) -> int:
    """End every session of ``account`` but the row ids in ``keep``; return how many."""
    ids = list(
        Session.objects.filter(account=account, ended_at=None)
        .exclude(pk__in=keep)
        .values_list("pk", flat=True)
    )
    if not ids or not _end(ids, account_id=account.pk, reason=reason):
        return 0
    audit.record(
        "identity.sessions_ended",
        actor=actor.pk if actor else None,
        subject=account.pk,
        origin=origin,
        detail={"reason": reason, "count": len(ids)},
    )
    return len(ids)
