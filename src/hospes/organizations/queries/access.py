"""Who can do what on a product, and what a person can do, each with every reason.

Pages of people or products are explained in a fixed number of statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import F, Q, Value
from django.db.models.fields import CharField

from hospes.catalog.models import Service
from hospes.organizations.domain.rights import LEADING_ROLES
from hospes.organizations.models import Grant, Membership, Product, TeamMember
from hospes.organizations.policies import rights as policy
from hospes.organizations.queries import rights
from hospes.organizations.queries.teams import MOST_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hospes.organizations.domain.rights import Decision, GrantView, Reach
    from hospes.organizations.models import Organization, Team

_BY_NAME: Final = ("account__last_name", "account__first_name", "pk")


def people_on(product: Product, *, words: str = "", right: str = "") -> QuerySet[Membership]:
    """Return the members with any right on the product (or with ``right``), by name."""
    grants = Grant.objects.filter(reach__in=policy.thing(product).reaches)
    if right:
        grants = grants.filter(right=right)
    direct = grants.filter(membership__organization_id=product.organization_id)
    teams = grants.filter(team__organization_id=product.organization_id)
    places = TeamMember.objects.filter(team_id__in=teams.values("team_id"))
    found = Membership.objects.filter(organization_id=product.organization_id).filter(
        Q(role__in=LEADING_ROLES)
        | Q(pk__in=direct.values("membership_id"))
        | Q(pk__in=places.values("membership_id"))
    )
    return named(found, words)


def named(found: QuerySet[Membership], words: str) -> QuerySet[Membership]:
    """Return those members whose name or address holds every word, with accounts, by name."""
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(account__first_name__icontains=word)
            | Q(account__last_name__icontains=word)
            | Q(account__email__icontains=word)
        )
    return found.select_related("account").order_by(*_BY_NAME)


def explain_people(product: Product, members: Collection[Membership]) -> dict[int, Decision]:
    """Return by membership what each may do on the product, and why: two statements."""
    keys = [member.pk for member in members]
    grants = _reaching(product, keys)
    teams: dict[int, set[int]] = {}
    places = TeamMember.objects.filter(
        membership_id__in=keys, team_id__in=rights.teams_in(grants)
    ).values_list("membership_id", "team_id")
    for membership_id, team_id in places:
        teams.setdefault(membership_id, set()).add(team_id)
    return {
        member.pk: policy.decide(member, product, grants, teams.get(member.pk, ()))
        for member in members
    }


def _reaching(product: Product, members: list[int]) -> list[GrantView]:
    """Return the grants that reach the product: every team's, and those of these members."""
    grants = Grant.objects.filter(reach__in=policy.thing(product).reaches)
    columns = ("membership_id", "team_id", "reach", "right", "holder_name")
    direct = (
        grants.filter(membership_id__in=members)
        .annotate(holder_name=Value("", output_field=CharField()))
        .values_list(*columns)
    )
    ours = (
        grants.filter(team__organization_id=product.organization_id)
        .annotate(holder_name=F("team__name"))
        .values_list(*columns)
    )
    found = rights.views(product.organization_id, direct.union(ours, all=True))
    return sorted(found, key=lambda grant: (grant.holder == "team", grant.holder_name, grant.reach))


def explain_products(membership: Membership, products: Collection[Product]) -> dict[int, Decision]:
    """Return by product what the member may do on each, and why: one statement."""
    reaches = {word for product in products for word in policy.thing(product).reaches}
    grants = rights.held(membership, sorted(reaches))
    teams = rights.teams_in(grants)
    return {product.pk: policy.decide(membership, product, grants, teams) for product in products}


def filtered(
    found: QuerySet[Product], *, words: str = "", service: int | None = None
) -> QuerySet[Product]:
    """Return those products whose names hold every word, with their services, by name."""
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(customer_name__icontains=word)
            | Q(internal_name__icontains=word)
            | Q(fqdn__icontains=word)
        )
    if service is not None:
        found = found.filter(service_id=service)
    return found.select_related("service").order_by("customer_name", "internal_name", "pk")


def products_of(organization: Organization) -> QuerySet[Product]:
    """Return what the organization holds."""
    return Product.objects.filter(organization=organization)


def services_of(organization: Organization) -> list[Service]:
    """Return the services of which the organization holds something: one statement."""
    held = Product.objects.filter(organization=organization).order_by().values("service_id")
    return list(Service.objects.filter(pk__in=held.distinct()))


def granted(holder: Team | Membership) -> set[tuple[str, str]]:
    """Return what a team or member holds itself, as (reach, right): one statement."""
    column = "membership_id" if isinstance(holder, Membership) else "team_id"
    return set(Grant.objects.filter(**{column: holder.pk}).values_list("reach", "right"))


def ending_with(
    team: Team, members: Collection[Membership]
) -> tuple[list[GrantView], dict[int, list[GrantView]], dict[int, int]]:
    """Return the team's grants, what each member has besides, and the services of its products.

    Three statements; for the page that says who loses what.
    """
    ending = rights.views(
        team.organization_id,
        Grant.objects.filter(team=team)
        .annotate(holder_name=Value(team.name, output_field=CharField()))
        .values_list("membership_id", "team_id", "reach", "right", "holder_name"),
    )
    keys = [member.pk for member in members]
    besides: dict[int, list[GrantView]] = {}
    direct = Grant.objects.filter(membership_id__in=keys).values_list(
        "membership_id", "membership_id", "reach", "right"
    )
    ours = (
        Grant.objects.filter(team__places__membership_id__in=keys)
        .exclude(team=team)
        .values_list("team__places__membership_id", "team_id", "reach", "right")
    )
    for key, holder, reach, right in direct:
        besides.setdefault(key or 0, []).extend(
            rights.views(team.organization_id, [(holder, None, reach, right, "")])
        )
    for key, holder, reach, right in ours:
        besides.setdefault(key or 0, []).extend(
            rights.views(team.organization_id, [(None, holder, reach, right, "")])
        )
    named_products = [grant.reach.id for grant in ending if grant.reach.kind == "product"]
    services = (
        dict(Product.objects.filter(grants__team=team).values_list("pk", "service_id"))
        if named_products
        else {}
    )
    return ending, besides, services


def services_named(reaches: Collection[Reach]) -> list[Service]:
    """Return the services that are reached as a whole: one statement."""
    return list(
        Service.objects.filter(pk__in=[each.id for each in reaches if each.kind == "service"])
    )


def products_named(team: Team, keys: Collection[int]) -> list[Product]:
    """Return those products of the team's organization: one statement."""
    return list(Product.objects.filter(organization_id=team.organization_id, pk__in=keys))


def granted_singly(found: QuerySet[Product], holder: Team | Membership) -> QuerySet[Product]:
    """Return those products on which the holder itself holds a right, by name of the product."""
    column = "membership_id" if isinstance(holder, Membership) else "team_id"
    held = Grant.objects.filter(**{column: holder.pk}, product__isnull=False)
    return found.filter(pk__in=held.values("product_id"))
