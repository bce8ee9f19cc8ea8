"""``/accounts/{account}/teams``: work teams and who is in them."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from hospes.catalog.models import Service
from hospes.foundation.errors import Denied, NotFound
from hospes.organizations import policies
from hospes.organizations.api import access, shaping, wanted
from hospes.organizations.models import Grant, Membership, Team, TeamMember
from hospes.organizations.queries import teams as queries
from hospes.organizations.schemas import people as shapes
from hospes.organizations.services import grants, team_members
from hospes.organizations.services import teams as services
from hospes.rest.answers import DONE, Item, Rows
from hospes.rest.faults import Problem, wrong
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hospes.rest.calls import Call

TAG = "Teams"
_EXPAND = {
    "permissions": "What it may do; for those who lead the organization.",
    "users": "Its members.",
}


def list_teams(call: Call, account: int) -> Rows:
    """Answer the teams: all for those who lead, else one's own."""
    member = access.whole(call, account)
    rows = queries.visible_teams(member).annotate(member_count=queries.member_count())
    return Rows(rows, partial(_shaped, call, member))


def list_basic_teams(call: Call, account: int) -> Rows:
    """Answer the same by name alone."""
    member = access.whole(call, account)
    return Rows(queries.visible_teams(member), lambda rows: [shaping.team_name(r) for r in rows])


def show_team(call: Call, account: int, team: int) -> Item:
    """Answer one team."""
    member = access.whole(call, account)
    (shape,) = _shaped(call, member, [_team(member, team)])
    return Item(shape)


def create_team(call: Call, account: int) -> Item:
    """Make a team."""
    member = access.leading(call, account)
    body = call.body
    made = services.create_team(
        services.CreateTeam(
            organization=member.organization,
            name=body.name,
            color_id=body.color_id,
            leader=_leader(member, body.owned_by_id),
            grants=wanted.grants(body.permissions, "permissions"),
        ),
        acting_member=member,
        origin=call.origin,
    )
    (shape,) = _shaped(call, member, [_team(member, made.pk)])
    return Item(shape)


def change_team(call: Call, account: int, team: int) -> Item:
    """Change a team's name, colour, leader or rights."""
    member = access.leading(call, account)
    found = _team(member, team)
    body = call.body
    services.change_team(
        services.ChangeTeam(
            team=found,
            name=body.name,
            color_id=body.color_id,
            leader=_leader(member, body.owned_by_id),
            sets_leader="owned_by_id" in body.model_fields_set,
        ),
        acting_member=member,
        origin=call.origin,
    )
    if body.permissions is not None:
        grants.set_grants(
            grants.SetGrants(found, wanted.grants(body.permissions, "permissions")),
            acting_member=member,
            origin=call.origin,
        )
    (shape,) = _shaped(call, member, [_team(member, team)])
    return Item(shape)


def delete_team(call: Call, account: int, team: int) -> Item:
    """Delete a team with its rights."""
    member = access.leading(call, account)
    services.delete_team(
        services.DeleteTeam(_team(member, team)), acting_member=member, origin=call.origin
    )
    return DONE


def list_team_users(call: Call, account: int, team: int) -> Rows:
    """Answer a team's members."""
    member = access.whole(call, account)
    found = _team(member, team)
    if not policies.may_see_members(member):
        raise Denied
    rows = Membership.objects.filter(places__team=found).select_related("account", "organization")
    return Rows(rows, partial(shaping.users, call, member))


def add_team_users(call: Call, account: int, team: int) -> Item:
    """Add members to a team."""
    member = access.leading(call, account)
    team_members.add_members(
        team_members.AddMembers(_team(member, team), _members(call, member)),
        acting_member=member,
        origin=call.origin,
    )
    return DONE


def remove_team_users(call: Call, account: int, team: int) -> Item:
    """Take members out of a team."""
    member = access.leading(call, account)
    team_members.remove_members(
        team_members.RemoveMembers(_team(member, team), _members(call, member)),
        acting_member=member,
        origin=call.origin,
    )
    return DONE


def _team(member: Membership, team: int) -> Team:
    found = queries.visible_teams(member).filter(pk=team).select_related("organization").first()
    if found is None:
        raise NotFound
    return found


def _leader(member: Membership, user: int | None) -> Membership | None:
    if user is None:
        return None
    found = Membership.objects.filter(
        organization_id=member.organization_id, account_id=user
    ).first()
    if found is None:
        raise Problem("validation_failed", wrong("owned_by_id", "exists", (user,)))
    return found


def _members(call: Call, member: Membership) -> tuple[Membership, ...]:
    wanted_ids = set(call.body.user_ids)
    found = tuple(
        Membership.objects.filter(
            organization_id=member.organization_id, account_id__in=wanted_ids
        ).select_related("account")
    )
    strange = wanted_ids - {each.account_id for each in found}
    if strange:
        raise Problem("validation_failed", wrong("user_ids", "exists", sorted(strange)))
    return found


def _shaped(call: Call, member: Membership, rows: Sequence[Team]) -> list[shapes.Team]:
    """Return teams with their counts and what ``with`` names, in a fixed number of queries."""
    keys = [row.pk for row in rows]
    counts = queries.counts(member.organization_id, keys)
    codes = dict(Service.objects.values_list("pk", "code"))
    kept = set(
        Team.objects.filter(pk__in=keys, directory_group__isnull=False).values_list("pk", flat=True)
    )
    leads = policies.leads(member)
    held = _grants(keys) if leads and call.wants("permissions") else {}
    people = _people(call, member, keys) if _shows_people(call, member) else {}
    found = []
    for row in rows:
        count = counts[row.pk]
        shape = shapes.Team(
            id=row.pk,
            name=row.name,
            color_id=row.color_id,
            owned_by_id=None,
            created_by_id=row.created_by_id,
            created_at=int(row.created_at.timestamp()),
            updated_at=int(row.updated_at.timestamp()),
            user_count=count.members,
            product_count=count.products,
            product_by_service_count={
                codes[key]: number for key, number in sorted(count.by_service.items())
            },
            is_sso=row.pk in kept,
        )
        if leads and call.wants("permissions"):
            shape.permissions = shaping.permissions(held.get(row.pk, []))
        if _shows_people(call, member):
            shape.users = people.get(row.pk, [])
        found.append(shape)
    leaders = dict(
        Membership.objects.filter(led_teams__in=keys).values_list("led_teams", "account_id")
    )
    for shape in found:
        shape.owned_by_id = leaders.get(shape.id)
    return found


def _shows_people(call: Call, member: Membership) -> bool:
    return call.wants("users") and policies.may_see_members(member)


def _grants(keys: list[int]) -> dict[int, list[Grant]]:
    found: dict[int, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(team__in=keys).select_related("service").order_by("pk"):
        found[grant.team_id or 0].append(grant)
    return found


def _people(call: Call, member: Membership, keys: list[int]) -> dict[int, list[shapes.User]]:
    rows = Membership.objects.select_related("account", "organization")
    places = TeamMember.objects.filter(team__in=keys).order_by("membership__account_id")
    every = list(places.prefetch_related(Prefetch("membership", queryset=rows)))
    shaped = shaping.users(call, member, [place.membership for place in every])
    found: dict[int, list[shapes.User]] = defaultdict(list)
    for place, shape in zip(every, shaped, strict=True):
        found[place.team_id].append(shape)
    return found


_read = partial(Route, "GET", version=1, tag=TAG, scope="accounts:read")
_write = partial(Route, version=1, tag=TAG, scope="accounts:write", admits=access.leads)
_here = {"account": "The organization's number."}
_there = {**_here, "team": "The team's number."}
_attributes = {"leader": "owned_by_id", "grants": "permissions", "members": "user_ids"}
_filters = {
    "owned_by_ids": Word(
        "Led by these people.", kind="integer", minimum=1, many=True, field="leader__account"
    ),
    "created_by_ids": Word(
        "Made by these people.", kind="integer", minimum=1, many=True, field="created_by"
    ),
    "team_ids": Word("These teams.", kind="integer", minimum=1, many=True, field="pk"),
    "user_ids": Word(
        "With one of these people.",
        kind="integer",
        minimum=1,
        many=True,
        apply=lambda rows, users: rows.filter(
            pk__in=TeamMember.objects.filter(membership__account__in=users).values("team")
        ),
    ),
}

ROUTES = (
    _read(
        "/accounts/{account}/teams",
        handler=list_teams,
        summary="List teams",
        description="The organization's work teams: all for those who lead it, else one's own.",
        answer=list[shapes.Team],
        parameters=_here,
        query=Query(
            expand=_EXPAND,
            paged=True,
            order={
                "id": "pk",
                "name": "name_key",
                "created_at": "created_at",
                "user_count": "member_count",
            },
            by_default=("name",),
            search=("name",),
            filters=_filters,
        ),
    ),
    _read(
        "/accounts/{account}/basic/teams",
        handler=list_basic_teams,
        summary="List teams by name",
        description="The same teams, by name and colour alone.",
        answer=list[shapes.TeamName],
        parameters=_here,
        query=Query(
            paged=True,
            order={"id": "pk", "name": "name_key"},
            by_default=("name",),
            search=("name",),
        ),
    ),
    _read(
        "/accounts/{account}/teams/{team}",
        handler=show_team,
        summary="Show a team",
        description="One of the work teams.",
        answer=shapes.Team,
        parameters=_there,
        query=Query(expand=_EXPAND),
    ),
    _write(
        "POST",
        "/accounts/{account}/teams",
        handler=create_team,
        summary="Create a team",
        description="Makes a work team with what it may do. Members are added afterwards.",
        answer=shapes.Team,
        parameters=_here,
        body=shapes.NewTeam,
        query=Query(expand=_EXPAND),
        status=201,
        attributes=_attributes,
        dry_run=True,
    ),
    _write(
        "PATCH",
        "/accounts/{account}/teams/{team}",
        handler=change_team,
        summary="Update a team",
        description="Changes its name, colour, leader or rights. What is left out stays.",
        answer=shapes.Team,
        parameters=_there,
        body=shapes.TeamChange,
        query=Query(expand=_EXPAND),
        attributes=_attributes,
        dry_run=True,
    ),
    _write(
        "DELETE",
        "/accounts/{account}/teams/{team}",
        handler=delete_team,
        summary="Delete a team",
        description="Deletes it with its rights; its members stay in the organization.",
        answer=bool,
        parameters=_there,
    ),
    _read(
        "/accounts/{account}/teams/{team}/users",
        handler=list_team_users,
        summary="List team users",
        description="The members of a work team.",
        answer=list[shapes.User],
        parameters=_there,
        query=Query(
            paged=True,
            order={
                "id": "account_id",
                "first_name": "account__first_name",
                "last_name": "account__last_name",
            },
            by_default=("id",),
            search=("account__first_name", "account__last_name"),
        ),
    ),
    _write(
        "POST",
        "/accounts/{account}/teams/{team}/users",
        handler=add_team_users,
        summary="Add users to a team",
        description="Adds members, external users too. Whoever is in it already stays.",
        answer=bool,
        parameters=_there,
        body=shapes.TeamUsers,
        attributes=_attributes,
    ),
    _write(
        "DELETE",
        "/accounts/{account}/teams/{team}/users",
        handler=remove_team_users,
        summary="Remove users from a team",
        description="Takes members out; they lose what only this team gave them.",
        answer=bool,
        parameters=_there,
        body=shapes.TeamUsers,
        attributes=_attributes,
    ),
)
