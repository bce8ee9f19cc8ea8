"""Reads of the second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.identity.models import Method

if TYPE_CHECKING:
    from hospes.identity.models import Account


def living_methods(account: Account) -> list[Method]:
    """Return the methods that count, the default one first, then as they were added."""
    return list(
        Method.objects.filter(
            account=account, confirmed_at__isnull=False, removed_at=None
        ).order_by("-is_default", "created_at", "pk")
    )


def count_living(kind: str) -> int:
    """Return how many methods of that kind count, over all accounts."""
    return Method.objects.filter(kind=kind, confirmed_at__isnull=False, removed_at=None).count()
