"""Invitations and lists that are long over are deleted: they hold addresses of strangers."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from hospes.foundation import clock, numbers
from hospes.organizations.models import Invitation, InvitationList

_BATCH = 1000


def purge() -> int:
    """Delete them, and return how many there were."""
    limit = clock.now() - timedelta(days=numbers.get("organizations.invitations_kept_days"))
    gone = 0
    over = Invitation.objects.filter(Q(answered_at__lt=limit) | Q(expires_at__lt=limit))
    while keys := list(over.values_list("pk", flat=True)[:_BATCH]):
        Invitation.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    lists = InvitationList.objects.filter(created_at__lt=limit)
    gone += lists.count()
    lists.delete()
    return gone
