"""Putting members into work teams and taking them out; what happens when a leader goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.foundation.services.messages import send_mail
from hospes.identity.models import Account
from hospes.kit.faults import Fault, Refused
from hospes.organizations.mails import teams as mails
from hospes.organizations.models import Membership, Organization, Team, TeamMember
from hospes.organizations.services import grants as granting
from hospes.organizations.services import teams as changing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hospes.kit.origin import Origin

_CHUNK = 500
# How many people an entry of the activity log names; it counts them all.
_TOLD = 20


@dataclass(frozen=True, slots=True)
class AddMembers:
    """Members of the team's organization, external users too."""

    team: Team
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class RemoveMembers:
    """They lose what only this team gave them."""

    team: Team
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Who was ``moved`` in or out, and who was there, or not there, before."""

    moved: tuple[Membership, ...]
    skipped: tuple[Membership, ...]


def add_members(command: AddMembers, *, acting_member: Membership | None, origin: Origin) -> Placed:
    """Add members to a team; those who are in it already are skipped and told.

    ``acting_member`` is None for the organization's directory.

    Raises:
        NotFound: as ``grants.hold``, or the team is gone.
        Denied: as ``grants.hold``.
        Refused: ``members``: ``required`` (nobody was named) or ``unknown`` with ``ids`` (account
            keys of those who do not belong to the organization); nobody was added.

    """
    team = command.team
    with transaction.atomic():
        granting.hold(team.organization_id, acting_member)
        _refuse_unknown(team, command.memberships)
        there = _there(team)
        wanted = _once(command.memberships)
        new = [member for member in wanted if member.pk not in there]
        now = clock.now()
        TeamMember.objects.bulk_create(
            [TeamMember(team=team, membership=member, added_at=now) for member in new],
            batch_size=_CHUNK,
        )
        if new:
            _note(team, acting_member, origin, added=new)
    return Placed(tuple(new), tuple(member for member in wanted if member.pk in there))


def remove_members(
    command: RemoveMembers, *, acting_member: Membership | None, origin: Origin
) -> Placed:
    """Take members out of a team; those who are not in it are skipped and told.

    Raises:
        NotFound: as ``grants.hold``, or the team is gone.
        Denied: as ``grants.hold``.
        Refused: as ``add_members``; nobody was taken out.

    """
    team = command.team
    with transaction.atomic():
        granting.hold(team.organization_id, acting_member)
        _refuse_unknown(team, command.memberships)
        there = _there(team)
        wanted = _once(command.memberships)
        gone = [member for member in wanted if member.pk in there]
        keys = [member.pk for member in gone]
        for start in range(0, len(keys), _CHUNK):
            team.places.filter(membership_id__in=keys[start : start + _CHUNK]).delete()
        if gone:
            _note(team, acting_member, origin, removed=gone)
    return Placed(tuple(gone), tuple(member for member in wanted if member.pk not in there))


def leader_went(payload: Mapping[str, Any]) -> None:
    """Empty the leader of teams whose leader went, and tell those who lead the organization.

    An inline subscriber: ``payload`` holds ``account_id``, and ``organization_id`` where only one
    was left.
    """
    teams = changing.leader_gone(dict(payload))
    by_organization: dict[int, list[Team]] = {}
    for team in teams:
        by_organization.setdefault(team.organization_id, []).append(team)
    gone = Account.objects.filter(pk=payload["account_id"]).first()
    name = (gone.name or gone.email) if gone is not None else ""
    for led in by_organization.values():
        _tell_leads(led[0].organization, led, payload["account_id"], name)


def _tell_leads(organization: Organization, teams: list[Team], gone: int, name: str) -> None:
    leads = (
        Membership.objects.filter(
            organization=organization, role__in=(Membership.Role.OWNER, Membership.Role.ADMIN)
        )
        .exclude(account_id=gone)
        .select_related("account")
    )
    url = settings.HOSPES.base_url + reverse("teams", args=[organization.public_id])
    for lead in leads:
        account = lead.account
        if not account.mail_address:
            continue
        with translation.override(account.locale):
            mail = mails.leader_went(
                first_name=account.first_name,
                leader=name,
                organization=organization.name,
                teams=[team.name for team in teams],
                url=url,
            )
        send_mail(
            mail, to=account.mail_address, locale=account.locale, kind="organizations.leader_went"
        )


def _once(memberships: Iterable[Membership]) -> list[Membership]:
    return list({member.pk: member for member in memberships}.values())


def _there(team: Team) -> set[int]:
    return set(TeamMember.objects.filter(team=team).values_list("membership_id", flat=True))


def _refuse_unknown(team: Team, memberships: tuple[Membership, ...]) -> None:
    if not Team.objects.filter(pk=team.pk, organization_id=team.organization_id).exists():
        raise NotFound
    if not memberships:
        raise Refused(Fault("members", "required"))
    keys = sorted({member.pk for member in memberships})
    known: set[int] = set()
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        here = Membership.objects.filter(organization_id=team.organization_id, pk__in=part)
        known.update(here.values_list("pk", flat=True))
    strange = sorted({m.account_id for m in memberships if m.pk not in known})
    if strange:
        raise Refused(Fault("members", "unknown", {"ids": strange}))


def _note(
    team: Team,
    acting_member: Membership | None,
    origin: Origin,
    *,
    added: list[Membership] | None = None,
    removed: list[Membership] | None = None,
) -> None:
    actor = acting_member.account_id if acting_member else None
    came, went = added or [], removed or []
    detail: dict[str, Any] = {"name": team.name, "added": len(came), "removed": len(went)}
    told = [member.account_id for member in (*came, *went)][:_TOLD]
    people = Account.objects.in_bulk(told)
    detail["members"] = [people[key].name or people[key].email for key in told if key in people]
    audit.record(
        "organizations.team_members_changed",
        actor=actor,
        subject=told[0] if len(came) + len(went) == 1 else None,
        organization=team.organization_id,
        target=f"team:{team.pk}",
        origin=origin,
        detail=detail,
    )
    outbox.emit(
        "organizations.team_members_changed",
        {
            "organization_id": team.organization_id,
            "actor_id": actor,
            "team_id": team.pk,
            "added": [member.account_id for member in came],
            "removed": [member.account_id for member in went],
        },
    )
