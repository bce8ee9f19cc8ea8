"""What of the second step goes with its account, and what goes with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.foundation import clock
from hospes.identity.models import (
    Account,
    Authenticator,
    AuthenticatorLink,
    BackupCode,
    Challenge,
    Method,
    PasskeyCeremony,
    SentCode,
    SignInStep,
    TemporaryLogin,
    TrustedBrowser,
)

if TYPE_CHECKING:
    from datetime import datetime

WITH_THE_ACCOUNT = (
    Challenge,
    AuthenticatorLink,
    BackupCode,
    PasskeyCeremony,
    SentCode,
    SignInStep,
    TemporaryLogin,
    TrustedBrowser,
)


def forget(account: Account) -> None:
    """Delete all of a deleted account's second step, in the transaction that is open.

    Of its phones the bare link stays, so that their apps are told that it has ended.
    """
    for model in WITH_THE_ACCOUNT:
        model.objects.filter(account=account).delete()
    methods = Method.objects.filter(account=account)
    methods.exclude(kind=Method.Kind.AUTHENTICATOR).delete()
    Authenticator.objects.filter(method__account=account).update(
        brand="", model="", platform="", app_version="", push_sealed=""
    )
    methods.update(name="", seed_sealed="", is_default=False)
    methods.filter(removed_at=None).update(removed_at=clock.now())


def purge(*, begun_before: datetime, removed_before: datetime) -> int:
    """Delete codes that have run out, methods never finished and removed ones; return how many.

    A phone's link stays as long as its account: its app may come back after months.
    """
    gone = SentCode.objects.filter(expires_at__lt=begun_before).delete()[0]
    gone += Method.objects.filter(confirmed_at=None, created_at__lt=begun_before).delete()[0]
    removed = Method.objects.filter(removed_at__lt=removed_before)
    gone += removed.exclude(kind=Method.Kind.AUTHENTICATOR).delete()[0]
    gone += removed.filter(account__state=Account.State.DELETED).delete()[0]
    return gone
