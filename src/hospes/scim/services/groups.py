"""What a directory does to groups, each of which is a work team."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from hospes.foundation import clock
from hospes.kit.faults import Refused
from hospes.organizations.domain.team_names import name_key
from hospes.organizations.models import Membership
from hospes.organizations.services import team_members, teams
from hospes.protocols.scim.errors import invalid_value, not_found, uniqueness
from hospes.protocols.scim.filters import storable
from hospes.scim.models import DirectoryGroup, DirectoryUser
from hospes.scim.queries import documents
from hospes.scim.services import places
from hospes.scim.services.holding import hold, need_version
from hospes.scim.services.noting import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hospes.kit.origin import Origin
    from hospes.scim.models import Directory
    from hospes.scim.services.holding import Transform

LONGEST_ID: Final = 254
_CHUNK: Final = 500


@transaction.atomic
def create_group(
    directory: Directory, resource: Mapping[str, Any], *, origin: Origin
) -> dict[str, Any]:
    """Make a work team with these members.

    Raises:
        ScimError: ``uniqueness`` (409): a team has the name; ``invalidValue``: no name, or a
            member that is no user of this directory.

    """
    hold(directory)
    name = str(resource.get("displayName") or "")
    try:
        team = teams.create_team(
            teams.CreateTeam(directory.organization, name), acting_member=None, origin=origin
        )
    except Refused as refused:
        raise _told(refused, directory, name) from refused
    now = clock.now()
    group = DirectoryGroup.objects.create(
        directory=directory,
        public_id=str(uuid.uuid4()),
        external_id=_external_id(resource),
        team=team,
        created_at=now,
        updated_at=now,
    )
    _place(group, _wanted(resource), set(), origin)
    note("scim.group_created", directory, origin, detail={"team": team.name})
    return documents.groups(directory, [group])[0]


@transaction.atomic
def change_group(
    directory: Directory,
    public_id: str,
    transform: Transform,
    *,
    if_match: str = "",
    origin: Origin,
) -> dict[str, Any]:
    """Make of a group what ``transform`` makes of its resource, and return that.

    People whom somebody put into the team by hand are not seen and stay.

    Raises:
        ScimError: as ``create_group``; the group is not this directory's (404) or another
            version (412); what ``transform`` raises.

    """
    hold(directory)
    group = _own(directory, public_id)
    before = documents.groups(directory, [group])[0]
    need_version(before, if_match)
    after = transform(before)
    name = str(after.get("displayName") or "")
    change = teams.ChangeTeam(group.team, name=name)
    try:
        renamed = teams.change_team(change, acting_member=None, origin=origin)
    except Refused as refused:
        raise _told(refused, directory, name) from refused
    external_id = _external_id(after)
    moved = _place(group, _wanted(after), _wanted(before), origin)
    if not (renamed or moved or external_id != group.external_id):
        return before
    group.external_id, group.updated_at = external_id, clock.now()
    group.save(update_fields=["external_id", "updated_at"])
    note("scim.group_changed", directory, origin, detail={"team": group.team.name})
    return documents.groups(directory, [group])[0]


@transaction.atomic
def delete_group(
    directory: Directory, public_id: str, *, if_match: str = "", origin: Origin
) -> None:
    """Delete a group's team; its members stay in the organization.

    Raises:
        ScimError: as ``change_group``.

    """
    hold(directory)
    group = _own(directory, public_id)
    if if_match:
        need_version(documents.groups(directory, [group])[0], if_match)
    teams.delete_team(teams.DeleteTeam(group.team), acting_member=None, origin=origin)
    note("scim.group_deleted", directory, origin, detail={"team": group.team.name})


def _own(directory: Directory, public_id: str) -> DirectoryGroup:
    if not storable(public_id):
        raise not_found()
    found = (
        DirectoryGroup.objects.select_related("team")
        .filter(directory=directory, public_id=public_id)
        .first()
    )
    if found is None:
        raise not_found()
    return found


def _external_id(resource: Mapping[str, Any]) -> str:
    found = str(resource.get("externalId") or "")
    if len(found) > LONGEST_ID:
        raise invalid_value(f"externalId has at most {LONGEST_ID} characters.")
    return found


def _wanted(resource: Mapping[str, Any]) -> set[str]:
    return {each["value"] for each in resource.get("members", ())}


def _place(group: DirectoryGroup, wanted: set[str], present: set[str], origin: Origin) -> bool:
    """Put in and take out; return whether anybody was. Who is no member yet waits."""
    coming = _users(group.directory, wanted - present)
    going = _users(group.directory, present - wanted)
    unknown = sorted(wanted - present - {user.public_id for user in coming})
    if unknown:
        raise invalid_value(f"There is no user {unknown[0][:100]} to be a member.")
    by_account = _memberships(group.directory, (*coming, *going))
    new = [by_account[user.account_id] for user in coming if user.account_id in by_account]
    waiting = [user for user in coming if user.account_id not in by_account]
    gone = [by_account[user.account_id] for user in going if user.account_id in by_account]
    if new:
        command = team_members.AddMembers(group.team, tuple(new))
        team_members.add_members(command, acting_member=None, origin=origin)
    if gone:
        taken = team_members.RemoveMembers(group.team, tuple(gone))
        team_members.remove_members(taken, acting_member=None, origin=origin)
    group.waiting.remove(*going)
    group.waiting.add(*waiting)
    return bool(coming or going)


def _users(directory: Directory, public_ids: Iterable[str]) -> list[DirectoryUser]:
    keys = sorted(public_ids)
    found: list[DirectoryUser] = []
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        found += DirectoryUser.objects.filter(directory=directory, public_id__in=part)
    return found


def _memberships(
    directory: Directory, users: Iterable[DirectoryUser]
) -> dict[int | None, Membership]:
    keys = sorted({user.account_id for user in users if user.account_id is not None})
    found: dict[int | None, Membership] = {}
    for start in range(0, len(keys), _CHUNK):
        here = Membership.objects.filter(
            organization_id=directory.organization_id, account_id__in=keys[start : start + _CHUNK]
        )
        found |= {membership.account_id: membership for membership in here}
    return found


def _told(refused: Refused, directory: Directory, name: str) -> Exception:
    if refused.has("name", "taken"):
        kept = DirectoryGroup.objects.filter(
            directory=directory, team__name_key=name_key(name)
        ).exists()
        if kept:
            return uniqueness("There is a group of that displayName already.")
        return uniqueness(
            "The organization has a work team of that name that this directory does not keep. "
            "Hand it over to the directory on the organization's Directory page, or choose "
            "another displayName."
        )
    if refused.has("name", "required"):
        return invalid_value("A group has a displayName.")
    if refused.has("name", "too_long") or refused.has("name", "characters"):
        return invalid_value("The displayName is too long or has characters that cannot be seen.")
    return places.told(refused)
