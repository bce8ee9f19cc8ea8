"""Loads what a decision about rights needs, and no more: one statement, whatever there is.

Nothing is kept from one request to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, Q, Value
from django.db.models.fields import CharField

from hospes.organizations.domain import rights
from hospes.organizations.domain.rights import GrantView
from hospes.organizations.models import Grant, Product, TeamMember
from hospes.organizations.policies import rights as policy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from hospes.organizations.domain.rights import Decision
    from hospes.organizations.models import Membership

_COLUMNS = ("membership_id", "team_id", "reach", "right", "holder_name")


def decide(membership: Membership, product: Product) -> Decision:
    """Return what the member may do on the product, and why: one statement.

    Another organization's product gives nothing, without a statement.
    """
    if membership.organization_id != product.organization_id:
        return rights.Decision({})
    grants = held(membership, policy.thing(product).reaches)
    return policy.decide(membership, product, grants, teams_in(grants))


def allowed(membership: Membership, product: Product, right: str) -> bool:
    """Return whether the member has that right: one statement, none for those who lead."""
    if membership.organization_id == product.organization_id and policy.has_all_by_role(membership):
        return rights.is_right(right)
    return decide(membership, product).allows(right)


def held(membership: Membership, reaches: Collection[str]) -> list[GrantView]:
    """Return the member's grants, their own and their teams', that reach just that."""
    mine = (
        Grant.objects.filter(membership_id=membership.pk, reach__in=reaches)
        .annotate(holder_name=Value("", output_field=CharField()))
        .values_list(*_COLUMNS)
    )
    # Two halves and not one OR: each walks an index of its own.
    ours = (
        Grant.objects.filter(
            team__places__membership_id=membership.pk,
            team__organization_id=membership.organization_id,
            reach__in=reaches,
        )
        .annotate(holder_name=F("team__name"))
        .values_list(*_COLUMNS)
    )
    found = views(membership.organization_id, mine.union(ours, all=True))
    return sorted(found, key=lambda grant: (grant.holder == "team", grant.holder_name, grant.reach))


def views(
    organization_id: int, rows: Iterable[tuple[int | None, int | None, str, str, str]]
) -> list[GrantView]:
    """Turn rows of ``membership_id, team_id, reach, right, name`` of one organization."""
    found = []
    for membership_id, team_id, word, right, name in rows:
        reach = rights.reach(word)
        if reach is None:
            continue
        if team_id is not None:
            found.append(GrantView(organization_id, "team", team_id, reach, right, name))
        elif membership_id is not None:
            found.append(GrantView(organization_id, "member", membership_id, reach, right))
    return found


def teams_in(grants: Iterable[GrantView]) -> frozenset[int]:
    """Return the keys of the teams that hold these grants."""
    return frozenset(grant.holder_id for grant in grants if grant.holder == "team")


def grants_of(membership: Membership) -> QuerySet[Grant]:
    """Return every grant that counts for the member, directly or through a team."""
    return Grant.objects.filter(
        Q(membership_id=membership.pk) | Q(team_id__in=_teams_of(membership))
    )


def visible_products(membership: Membership) -> QuerySet[Product]:
    """Return the products on which the member has any right: one statement when it is read."""
    found = Product.objects.filter(organization_id=membership.organization_id)
    if policy.has_all_by_role(membership):
        return found
    grants = grants_of(membership)
    return found.filter(
        Q(pk__in=grants.filter(product__isnull=False).values("product_id"))
        | Q(service_id__in=grants.filter(service__isnull=False).values("service_id"))
        | Exists(grants.filter(reach=rights.EVERYTHING.word))
    )


def products_with(membership: Membership, right: str) -> QuerySet[Product]:
    """Return the products on which the member has that right."""
    found = Product.objects.filter(organization_id=membership.organization_id)
    if policy.has_all_by_role(membership):
        return found if rights.is_right(right) else found.none()
    grants = grants_of(membership).filter(right=right)
    return found.filter(
        Q(pk__in=grants.filter(product__isnull=False).values("product_id"))
        | Q(service_id__in=grants.filter(service__isnull=False).values("service_id"))
        | Exists(grants.filter(reach=rights.EVERYTHING.word))
    )


def _teams_of(membership: Membership) -> QuerySet[TeamMember, int]:
    return TeamMember.objects.filter(
        membership_id=membership.pk, team__organization_id=membership.organization_id
    ).values_list("team_id", flat=True)
