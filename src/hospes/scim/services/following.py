"""What happens to a directory's users when people accept, leave or are removed.

Inline subscribers: each runs in the transaction of what it follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM
from hospes.scim.models import DirectoryGroup, DirectoryUser
from hospes.scim.services import places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


def accepted(payload: Mapping[str, Any]) -> None:
    """Make the account that of the users it was invited for; they take their places in teams.

    Only the owner of the very address that the directory names is the person it means.
    """
    account = Account.objects.filter(
        pk=payload["account_id"], email=payload["email"], email_verified_at__isnull=False
    ).first()
    if account is None:
        return
    meant = DirectoryUser.objects.select_related("directory__organization").filter(
        Q(invitation_id=payload["invitation_id"]) | Q(invitation__email=payload["email"]),
        directory__organization_id=payload["organization_id"],
        account=None,
        active=True,
    )
    for user in list(meant):
        user.account = account
        user.save(update_fields=["account"])
        places.take_places(user, SYSTEM)


def removed(payload: Mapping[str, Any]) -> None:
    """Somebody's membership was ended for them: they are inactive until the directory says other.

    They keep waiting for the teams they were in.
    """
    users = _users(payload)
    for user in list(users):
        _wait_again(user)
    users.update(active=False)


def left(payload: Mapping[str, Any]) -> None:
    """Somebody left: they are inactive, and come back only by accepting an invitation anew."""
    users = _users(payload)
    keys = []
    for user in list(users):
        _wait_again(user)
        keys.append(user.pk)
    DirectoryUser.objects.filter(pk__in=keys).update(
        active=False, account=None, invitation=None, invited_here=False
    )


def account_deleted(payload: Mapping[str, Any]) -> None:
    """Who is behind an account that is deleted has agreed to nothing any more."""
    DirectoryUser.objects.filter(account_id=payload["account_id"]).update(
        active=False, account=None, invitation=None, invited_here=False
    )


def _users(payload: Mapping[str, Any]) -> QuerySet[DirectoryUser]:
    return DirectoryUser.objects.filter(
        directory__organization_id=payload["organization_id"], account_id=payload["account_id"]
    )


def _wait_again(user: DirectoryUser) -> None:
    if user.account_id is None:
        return
    groups = DirectoryGroup.objects.filter(
        directory_id=user.directory_id,
        team__places__membership__account_id=user.account_id,
    )
    user.groups_to_come.add(*groups)
