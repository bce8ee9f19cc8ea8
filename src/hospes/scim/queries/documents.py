"""Reads: users and groups as the resources that a directory sees.

However many are asked for, it takes a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from hospes.organizations.models import TeamMember
from hospes.protocols.scim import etags
from hospes.protocols.scim.schemas import ENTERPRISE, GROUP, USER
from hospes.scim.models import DirectoryGroup, DirectoryUser

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hospes.scim.models import Directory

BASE_PATH = "/scim/v2"
# Above this many it is cheaper to ask for the whole directory than to name each.
_MOST_NAMED = 500


def location(endpoint: str, public_id: str) -> str:
    """Return the address of a resource."""
    return f"{settings.HOSPES.base_url}{BASE_PATH}/{endpoint}/{public_id}"


def users(directory: Directory, rows: Sequence[DirectoryUser]) -> list[dict[str, Any]]:
    """Return the resources of these users, in their order."""
    groups = _groups_of(directory, rows)
    return [_user(row, groups[row.pk]) for row in rows]


def groups(directory: Directory, rows: Sequence[DirectoryGroup]) -> list[dict[str, Any]]:
    """Return the resources of these groups, in their order; ``team`` is loaded with them."""
    members = _members_of(directory, rows)
    return [_group(row, members[row.pk]) for row in rows]


def _user(row: DirectoryUser, groups: Mapping[str, str]) -> dict[str, Any]:
    extended = ENTERPRISE in row.attributes
    found: dict[str, Any] = {
        "schemas": [USER, ENTERPRISE] if extended else [USER],
        "id": row.public_id,
    }
    if row.external_id:
        found["externalId"] = row.external_id
    found |= {"userName": row.user_name, "active": row.active, **row.attributes}
    if groups:
        found["groups"] = [
            {
                "value": key,
                "$ref": location("Groups", key),
                "display": groups[key],
                "type": "direct",
            }
            for key in sorted(groups)
        ]
    return _with_meta(found, "User", "Users", row.created_at, row.updated_at)


def _group(row: DirectoryGroup, members: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"schemas": [GROUP], "id": row.public_id}
    if row.external_id:
        found["externalId"] = row.external_id
    found["displayName"] = row.team.name
    if members:
        found["members"] = [
            {
                "value": key,
                "$ref": location("Users", key),
                "type": "User",
                "display": members[key],
            }
            for key in sorted(members)
        ]
    return _with_meta(found, "Group", "Groups", row.created_at, row.updated_at)


def _with_meta(
    found: dict[str, Any], kind: str, endpoint: str, created: datetime, updated: datetime
) -> dict[str, Any]:
    found["meta"] = {
        "resourceType": kind,
        "created": _instant(created),
        "lastModified": _instant(updated),
        "location": location(endpoint, found["id"]),
    }
    found["meta"]["version"] = etags.version_of(found)
    return found


def _instant(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _named(field: str, keys: Iterable[int | None]) -> Q:
    wanted = {key for key in keys if key is not None}
    return Q(**{f"{field}__in": wanted}) if len(wanted) <= _MOST_NAMED else Q()


def _groups_of(directory: Directory, rows: Sequence[DirectoryUser]) -> Mapping[int, dict[str, str]]:
    """Return the groups of each user: public id and name."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if not rows:
        return found
    waiting = DirectoryGroup.waiting.through.objects.filter(
        _named("directoryuser_id", (row.pk for row in rows)),
        directorygroup__directory=directory,
    ).values_list("directoryuser_id", "directorygroup__public_id", "directorygroup__team__name")
    for user_id, key, name in waiting:
        found[user_id][key] = name
    places = TeamMember.objects.filter(
        _named("membership__account_id", (row.account_id for row in rows)),
        team__directory_group__directory=directory,
    ).values_list("membership__account_id", "team__directory_group__public_id", "team__name")
    by_account: dict[int, dict[str, str]] = defaultdict(dict)
    for account_id, key, name in places:
        by_account[account_id][key] = name
    for row in rows:
        if row.account_id is not None:
            found[row.pk] |= by_account.get(row.account_id, {})
    return found


def _members_of(
    directory: Directory, rows: Sequence[DirectoryGroup]
) -> Mapping[int, dict[str, str]]:
    """Return the users in each group: public id and userName. Others in the team are not told."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if not rows:
        return found
    waiting = DirectoryGroup.waiting.through.objects.filter(
        _named("directorygroup_id", (row.pk for row in rows)),
        directorygroup__directory=directory,
    ).values_list("directorygroup_id", "directoryuser__public_id", "directoryuser__user_name")
    placed = DirectoryUser.objects.filter(
        _named("account__memberships__places__team__directory_group", (row.pk for row in rows)),
        directory=directory,
        account__memberships__places__team__directory_group__directory=directory,
    ).values_list("account__memberships__places__team__directory_group", "public_id", "user_name")
    for group_id, key, name in (*waiting, *placed):
        found[group_id][key] = name
    return found
