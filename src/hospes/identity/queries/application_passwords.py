"""Reads of an account's application passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.identity.models import ApplicationPassword

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.identity.models import Account


def living(account: Account) -> QuerySet[ApplicationPassword]:
    """Return those that work, the newest first."""
    return ApplicationPassword.objects.filter(account=account, revoked_at=None).order_by("-pk")


def one_living(account: Account, password_id: int) -> ApplicationPassword | None:
    """Return one of them by its primary key, None where the account has no such."""
    return living(account).filter(pk=password_id).first()
