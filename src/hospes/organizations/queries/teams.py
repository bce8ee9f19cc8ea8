"""Reads of work teams, within what the asker may see; lists in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from hospes.organizations import policies
from hospes.organizations.domain import colours, team_names
from hospes.organizations.models import Grant, Membership, Product, Team, TeamMember

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet

    from hospes.organizations.models import Organization

MOST_WORDS: Final = 10
ORDERS: Final = {
    "name": ("name_key", "pk"),
    "newest": ("-created_at", "-pk"),
    "members": ("-member_count", "name_key", "pk"),
}


@dataclass(frozen=True, slots=True)
class TeamFilter:
    """What of the teams is listed: every word of ``words`` occurs in the name or the leader's.

    ``colour`` is a number or None; ``leader`` is "none" for teams without one, else "".
    """

    words: str = ""
    colour: int | None = None
    leader: str = ""
    order: str = "name"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many members a team has, and how many products it reaches, by service too."""

    members: int = 0
    products: int = 0
    everything: bool = False
    by_service: dict[int, int] = field(default_factory=dict)


def visible_teams(membership: Membership) -> QuerySet[Team]:
    """Return the teams that the member may see: all for those who lead, else their own."""
    found = Team.objects.filter(organization_id=membership.organization_id)
    if policies.may_manage_teams(membership):
        return found
    return found.filter(pk__in=TeamMember.objects.filter(membership=membership).values("team_id"))


def listed(membership: Membership, chosen: TeamFilter = TeamFilter()) -> QuerySet[Team]:
    """Return those teams filtered and in order, with leader and ``member_count``: one statement."""
    found = visible_teams(membership).select_related("leader__account")
    for word in chosen.words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(name_key__contains=team_names.name_key(word))
            | Q(leader__account__first_name__icontains=word)
            | Q(leader__account__last_name__icontains=word)
        )
    if chosen.colour is not None and colours.is_colour(chosen.colour):
        found = found.filter(color_id=chosen.colour)
    if chosen.leader == "none":
        found = found.filter(leader=None)
    order = ORDERS.get(chosen.order, ORDERS["name"])
    return found.annotate(member_count=member_count()).order_by(*order)


def member_count() -> Coalesce:
    """Return the expression that counts a team's members."""
    places = (
        TeamMember.objects.filter(team=OuterRef("pk"))
        .order_by()
        .values("team")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(places), 0)


def team_of(organization_id: int, team_id: int) -> Team | None:
    """Return the team if it is this organization's, with its leader: one statement."""
    return (
        Team.objects.select_related("leader__account", "organization")
        .filter(organization_id=organization_id, pk=team_id)
        .first()
    )


def is_in(membership: Membership, team: Team) -> bool:
    """Return whether the member is in the team."""
    return TeamMember.objects.filter(team=team, membership=membership).exists()


def counts(organization_id: int, teams: Collection[int]) -> dict[int, Counts]:
    """Return the counts of each of these teams: four statements, however many teams.

    A product that is reached in several ways counts once.
    """
    keys = list(teams)
    members = dict(
        TeamMember.objects.filter(team_id__in=keys)
        .order_by()
        .values_list("team_id")
        .annotate(Count("pk"))
    )
    totals = dict(
        Product.objects.filter(organization_id=organization_id)
        .order_by()
        .values_list("service_id")
        .annotate(Count("pk"))
    )
    wide: dict[int, set[int | None]] = {}
    held = Grant.objects.filter(team_id__in=keys).order_by()
    for team_id, service_id in (
        held.filter(product=None).values_list("team_id", "service_id").distinct()
    ):
        wide.setdefault(team_id or 0, set()).add(service_id)
    single: dict[int, dict[int, int]] = {}
    for team_id, service_id, count in (
        held.filter(product__isnull=False)
        .values_list("team_id", "product__service_id")
        .annotate(count=Count("product_id", distinct=True))
    ):
        single.setdefault(team_id or 0, {})[service_id or 0] = count
    found = {}
    for key in keys:
        everything = None in wide.get(key, ())
        whole = totals.keys() if everything else wide.get(key, set()) & totals.keys()
        by_service: dict[int, int] = dict(single.get(key, {}))
        by_service.update((service, totals[service]) for service in whole if service is not None)
        found[key] = Counts(members.get(key, 0), sum(by_service.values()), everything, by_service)
    return found


def members_of(team: Team, words: str = "") -> QuerySet[Membership]:
    """Return a team's members by name, with their accounts and ``added_at``: one statement."""
    found = Membership.objects.filter(places__team=team).annotate(added_at=F("places__added_at"))
    return _people(found, words)


def candidates(organization: Organization, team: Team, words: str = "") -> QuerySet[Membership]:
    """Return the organization's members by name, each with ``is_there``: in the team already."""
    places = TeamMember.objects.filter(team=team, membership=OuterRef("pk")).values("pk")[:1]
    found = Membership.objects.filter(organization=organization).annotate(is_there=Subquery(places))
    return _people(found, words)


def members_by_account(organization_id: int, public_ids: Sequence[str]) -> list[Membership]:
    """Return the members with these accounts, as pages name them; others are left out."""
    return list(
        Membership.objects.filter(
            organization_id=organization_id, account__public_id__in=public_ids
        ).select_related("account")
    )


def member_by_email(organization_id: int, email: str) -> Membership | None:
    """Return the member who signs in with that address."""
    return (
        Membership.objects.filter(
            organization_id=organization_id, account__email=email.strip().lower()
        )
        .select_related("account")
        .first()
    )


def teams_of(membership: Membership) -> QuerySet[Team]:
    """Return the teams that the member is in, by name."""
    return Team.objects.filter(
        places__membership=membership, organization_id=membership.organization_id
    ).order_by("name_key", "pk")


def _people(found: QuerySet[Membership], words: str) -> QuerySet[Membership]:
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(account__first_name__icontains=word)
            | Q(account__last_name__icontains=word)
            | Q(account__email__icontains=word)
        )
    return found.select_related("account").order_by(
        "account__last_name", "account__first_name", "pk"
    )
