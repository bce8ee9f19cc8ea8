"""Making, changing and deleting work teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.kit import visible
from hospes.kit.faults import Fault, Refused
from hospes.organizations.domain import colours, team_names
from hospes.organizations.models import Membership, Team
from hospes.organizations.services import grants as granting

if TYPE_CHECKING:
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Organization
    from hospes.organizations.services.grants import Wanted


@dataclass(frozen=True, slots=True)
class CreateTeam:
    """``color_id`` is one of ``domain/colours.py``; ``leader`` a member of the organization."""

    organization: Organization
    name: str
    color_id: int = 0
    leader: Membership | None = None
    grants: frozenset[Wanted] = frozenset()


@dataclass(frozen=True, slots=True)
class ChangeTeam:
    """None leaves what is there; ``leader`` counts only where ``sets_leader`` is true."""

    team: Team
    name: str | None = None
    color_id: int | None = None
    leader: Membership | None = None
    sets_leader: bool = False


@dataclass(frozen=True, slots=True)
class DeleteTeam:
    """The team and what it holds end; its members stay in the organization."""

    team: Team


def create_team(command: CreateTeam, *, acting_member: Membership | None, origin: Origin) -> Team:
    """Make a team with what it may do; members are added with ``team_members``.

    ``acting_member`` is None for the organization's directory.

    Raises:
        NotFound, Denied: as ``grants.hold``.
        Refused: ``name`` (``required``, ``too_long`` with ``limit``, ``characters``, ``taken``),
            ``color_id`` ``unknown``, ``leader`` ``unknown``, ``grants`` as ``set_grants``; nothing
            was stored.

    """
    organization = command.organization
    name = team_names.tidy(command.name)
    with transaction.atomic():
        granting.hold(organization.pk, acting_member)
        faults = [
            *_name_faults(name, organization.pk),
            *_colour_faults(command.color_id),
            *_leader_faults(command.leader, organization.pk),
        ]
        try:
            granting.refuse_unknown(command.grants, organization_id=organization.pk)
        except Refused as refused:
            faults += refused.faults
        if faults:
            raise Refused(faults)
        now = clock.now()
        team = Team.objects.create(
            organization=organization,
            name=name,
            color_id=command.color_id,
            leader=command.leader,
            created_by_id=acting_member.account_id if acting_member else None,
            created_at=now,
            updated_at=now,
        )
        changed = granting.replace(team, command.grants)
        _note("team_created", team, acting_member, origin, {"rights": len(changed.added)})
    return team


def change_team(command: ChangeTeam, *, acting_member: Membership | None, origin: Origin) -> bool:
    """Rename or recolour a team, or name or vacate its leader; return whether anything changed.

    Raises:
        NotFound: as ``grants.hold``, or the team is gone.
        Denied: as ``grants.hold``.
        Refused: as ``create_team``; nothing was changed.

    """
    organization_id = command.team.organization_id
    with transaction.atomic():
        granting.hold(organization_id, acting_member)
        team = _present(command.team)
        wanted = _wanted(command)
        faults = []
        if "name" in wanted:
            faults += _name_faults(wanted["name"], organization_id, but=team.pk)
        if "color_id" in wanted:
            faults += _colour_faults(wanted["color_id"])
        if "leader_id" in wanted:
            faults += _leader_faults(command.leader, organization_id)
        if faults:
            raise Refused(faults)
        before = {field: getattr(team, field) for field in wanted}
        changed = sorted(field for field in wanted if before[field] != wanted[field])
        if not changed:
            return False
        for field in changed:
            setattr(team, field, wanted[field])
            setattr(command.team, field, wanted[field])
        team.updated_at = clock.now()
        team.save(update_fields=[*changed, "updated_at"])
        detail: dict[str, Any] = {"changed": [field.removesuffix("_id") for field in changed]}
        if "name" in changed:
            detail["old_name"] = before["name"]
        _note("team_changed", team, acting_member, origin, detail)
    return True


def delete_team(command: DeleteTeam, *, acting_member: Membership | None, origin: Origin) -> None:
    """Delete a team with its places and grants; what members have otherwise, they keep.

    Raises:
        NotFound: as ``grants.hold``, or the team is gone.
        Denied: as ``grants.hold``.

    """
    with transaction.atomic():
        granting.hold(command.team.organization_id, acting_member)
        team = _present(command.team)
        detail = {"members": team.places.count(), "rights": team.grants.count()}
        _note("team_deleted", team, acting_member, origin, detail)
        team.delete()


def leader_gone(payload: dict[str, Any]) -> list[Team]:
    """Empty the leader of every team that an account leads, in one organization or in all.

    ``payload`` is that of the event that says who went; it runs in the event's transaction.
    """
    led = Team.objects.filter(leader__account_id=payload["account_id"])
    if "organization_id" in payload:
        led = led.filter(organization_id=payload["organization_id"])
    teams = list(led.select_related("organization").order_by("name", "pk"))
    led.update(leader=None, updated_at=clock.now())
    return teams


def _wanted(command: ChangeTeam) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if command.name is not None:
        wanted["name"] = team_names.tidy(command.name)
    if command.color_id is not None:
        wanted["color_id"] = command.color_id
    if command.sets_leader:
        wanted["leader_id"] = command.leader.pk if command.leader else None
    return wanted


def _present(team: Team) -> Team:
    found = Team.objects.filter(pk=team.pk, organization_id=team.organization_id).first()
    if found is None:
        raise NotFound
    return found


def _name_faults(name: str, organization_id: int, but: int = 0) -> list[Fault]:
    if not name:
        return [Fault("name", "required")]
    if len(name) > team_names.LONGEST:
        return [Fault("name", "too_long", {"limit": team_names.LONGEST})]
    if visible.has_hidden(name):
        return [Fault("name", "characters")]
    # Nobody else makes one meanwhile: the organization is held.
    same = Team.objects.filter(
        organization_id=organization_id, name_key=team_names.name_key(name)
    ).exclude(pk=but)
    return [Fault("name", "taken")] if same.exists() else []


def _colour_faults(color_id: int) -> list[Fault]:
    return [] if colours.is_colour(color_id) else [Fault("color_id", "unknown")]


def _leader_faults(leader: Membership | None, organization_id: int) -> list[Fault]:
    if leader is None:
        return []
    there = Membership.objects.filter(pk=leader.pk, organization_id=organization_id)
    return [] if there.exists() else [Fault("leader", "unknown")]


def _note(
    what: str,
    team: Team,
    acting_member: Membership | None,
    origin: Origin,
    detail: dict[str, Any],
) -> None:
    actor = acting_member.account_id if acting_member else None
    audit.record(
        f"organizations.{what}",
        actor=actor,
        organization=team.organization_id,
        target=f"team:{team.pk}",
        origin=origin,
        detail={"name": team.name, **detail},
    )
    outbox.emit(
        f"organizations.{what}",
        {
            "organization_id": team.organization_id,
            "actor_id": actor,
            "team_id": team.pk,
            "name": team.name,
        },
    )
