"""Tokens that nobody uses: their owners are told, then they are switched off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.api.domain.tokens import DAY, silence
from hospes.api.models import ApiToken
from hospes.api.queries.tokens import silent_between
from hospes.api.services import token_notices
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit
from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet


def look_after_unused() -> None:
    """Switch off what was silent for too long, then tell whose silence nears its end.

    It may run as often as one likes: each token is told of once, and switched off once.
    """
    unused_days = numbers.get("api.token_unused_days")
    limits = silence(
        clock.timestamp(),
        unused_days=unused_days,
        warning_days=numbers.get("api.token_warning_days"),
    )
    _each_account(silent_between(None, limits.off_before), _deactivate)

    def warn(account: Account, tokens: list[ApiToken]) -> None:
        _warn(account, tokens, unused_days)

    nearing = silent_between(limits.off_before, limits.warn_before).filter(warned_at=None)
    _each_account(nearing, warn)


def _each_account(
    tokens: QuerySet[ApiToken], work: Callable[[Account, list[ApiToken]], None]
) -> None:
    """Do the work account by account, so that one mail names all tokens of one person."""
    ids = set(tokens.values_list("account_id", flat=True))
    for pk in sorted(ids):
        account = Account.objects.get(pk=pk)
        work(account, list(tokens.filter(account=account).order_by("name", "pk")))


def _deactivate(account: Account, tokens: list[ApiToken]) -> None:
    now = clock.timestamp()
    with transaction.atomic():
        ended = [
            token
            for token in tokens
            # Unless it was used, revoked or switched off since it was read.
            if ApiToken.objects.filter(
                pk=token.pk,
                last_used_at=token.last_used_at,
                deactivated_at=None,
                revoked_at=None,
            ).update(deactivated_at=now)
        ]
        if not ended:
            return
        names = [token.name for token in ended]
        audit.record(
            "api.tokens_deactivated",
            actor=None,
            subject=account.pk,
            origin=SYSTEM,
            detail={"count": len(names), "names": names[:50]},
        )
        if account.state != Account.State.DELETED:
            token_notices.tell_deactivated(account, names)


def _warn(account: Account, tokens: list[ApiToken], unused_days: int) -> None:
    now = clock.timestamp()
    with transaction.atomic():
        told = [
            token
            for token in tokens
            if ApiToken.objects.filter(
                pk=token.pk, last_used_at=token.last_used_at, warned_at=None, revoked_at=None
            ).update(warned_at=now)
        ]
        if not told or account.state == Account.State.DELETED:
            return
        seen = min(token.last_used_at or token.created_at for token in told)
        off_at = datetime.fromtimestamp(seen + unused_days * DAY, UTC)
        token_notices.tell_silence_nears(account, [t.name for t in told], off_at=off_at)
