"""Browsers on which an account's second step is not asked for some days."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit
from hospes.identity.models import Session, TrustedBrowser
from hospes.kit.origin import SYSTEM

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.identity.models import Account, Browser
    from hospes.kit.origin import Origin

# Ends of sessions that say nothing against their browser.
ORDINARY_ENDS = frozenset({"signed_out", "application", "expired", "too_many"})


def living(account: Account) -> QuerySet[TrustedBrowser]:
    """Return the browsers the account trusts now, newest first."""
    return TrustedBrowser.objects.filter(
        account=account, revoked_at=None, expires_at__gt=clock.now()
    ).order_by("-created_at", "-pk")


def trusts(account: Account, browser: Browser) -> bool:
    """Return whether the account trusts this browser."""
    return living(account).filter(browser=browser).exists()


def use(account: Account, browser: Browser) -> bool:
    """Return whether the account trusts this browser, and note that this was asked."""
    return living(account).filter(browser=browser).update(last_used_at=clock.now()) > 0


@transaction.atomic
def trust(account: Account, browser: Browser, *, origin: Origin) -> TrustedBrowser:
    """Trust the browser from now on, for the provider's number of days."""
    now = clock.now()
    TrustedBrowser.objects.filter(account=account, browser=browser, revoked_at=None).update(
        revoked_at=now
    )
    row = TrustedBrowser.objects.create(
        public_id=str(uuid.uuid4()),
        account=account,
        browser=browser,
        user_agent=origin.user_agent,
        ip=origin.ip,
        created_at=now,
        expires_at=now + timedelta(days=numbers.get("identity.trusted_browser_days")),
    )
    audit.record(
        "identity.browser_trusted",
        actor=account.pk,
        subject=account.pk,
        target=f"trusted_browser:{row.public_id}",
        origin=origin,
    )
    return row


def revoke(account: Account, public_id: str, *, acting_account: Account, origin: Origin) -> bool:
    """Trust one browser no longer. Returns False, and writes nothing, where it is not trusted."""
    rows = living(account).filter(public_id=public_id)
    target = f"trusted_browser:{public_id}"
    return _revoke(rows, account.pk, acting_account, origin, target=target) > 0


def revoke_all(account: Account, *, acting_account: Account | None, origin: Origin) -> int:
    """Trust no browser any longer; return how many there were."""
    return _revoke(living(account), account.pk, acting_account, origin)


def sessions_ended(payload: dict[str, Any]) -> None:
    """Trust no longer the browsers whose sessions were ended for safety (event of that name).

    A lost laptop is signed out from elsewhere: whoever has it and the password is asked for more.
    """
    if payload["reason"] in ORDINARY_ENDS:
        return
    account_id = payload["account_id"]
    there = Session.objects.filter(pk__in=payload["session_ids"]).values("browser")
    rows = TrustedBrowser.objects.filter(
        account_id=account_id, browser__in=there, revoked_at=None, expires_at__gt=clock.now()
    )
    _revoke(rows, account_id, None, SYSTEM)


@transaction.atomic
def _revoke(
    rows: QuerySet[TrustedBrowser],
    account_id: int,
    acting_account: Account | None,
    origin: Origin,
    *,
    target: str = "",
) -> int:
    revoked = rows.order_by().update(revoked_at=clock.now())
    if revoked:
        audit.record(
            "identity.browser_trust_revoked",
            actor=acting_account.pk if acting_account else None,
            subject=account_id,
            target=target,
            origin=origin,
            detail={"count": revoked},
        )
    return revoked
