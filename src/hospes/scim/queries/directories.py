"""Reads: which directories an organization has, and whose a token is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hospes.foundation.errors import NotFound
from hospes.organizations.models import Team
from hospes.scim.models import Directory, DirectoryGroup, DirectoryUser

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.organizations.models import Organization


def hash_of(token: str) -> str:
    """Return what is stored of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def by_token(token: str) -> Directory | None:
    """Return the connected directory whose token this is, with its organization."""
    return (
        Directory.objects.select_related("organization", "created_by")
        .filter(token_hash=hash_of(token), revoked_at=None)
        .first()
    )


def connected(organization: Organization) -> QuerySet[Directory]:
    """Return the organization's directories, with how many users and groups each keeps."""
    return (
        Directory.objects.filter(organization=organization, revoked_at=None)
        .select_related("created_by")
        .annotate(
            user_count=Count("users", distinct=True), group_count=Count("groups", distinct=True)
        )
        .order_by("name", "pk")
    )


def one(organization: Organization, public_id: str) -> Directory:
    """Return one connected directory of the organization.

    Raises:
        NotFound: it has none of that id.

    """
    found = connected(organization).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    # The organization as it is at hand already.
    found.organization = organization
    return found


def users(directory: Directory, *, words: str = "") -> QuerySet[DirectoryUser]:
    """Return the directory's users by name, with what their state is told by."""
    found = directory.users.select_related("account", "invitation", "invitation__created_by")
    if words:
        found = found.filter(
            Q(user_name__icontains=words)
            | Q(account__email__icontains=words)
            | Q(invitation__email__icontains=words)
        )
    return found.order_by("user_name_folded", "pk")


def groups(directory: Directory) -> QuerySet[DirectoryGroup]:
    """Return the directory's groups by name, with how many members each has."""
    return (
        directory.groups.select_related("team")
        .annotate(
            member_count=Count("team__places", distinct=True),
            waiting_count=Count("waiting", distinct=True),
        )
        .order_by("team__name", "pk")
    )


def unclaimed_teams(organization: Organization) -> QuerySet[Team]:
    """Return the work teams that no directory keeps."""
    return Team.objects.filter(organization=organization, directory_group=None).order_by(
        "name", "pk"
    )
