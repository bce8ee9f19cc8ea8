"""Rows turned into answers, each list in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F

from hospes.kit import published
from hospes.organizations import policies
from hospes.organizations.domain import rights
from hospes.organizations.models import Grant, Tag, Team, TeamMember
from hospes.organizations.queries.access import explain_products
from hospes.organizations.schemas import accounts, people

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from hospes.organizations.models import Address, Membership, Product
    from hospes.rest.calls import Call

_RIGHT_ORDER: dict[str, int] = {right: number for number, right in enumerate(rights.RIGHTS)}


def seconds(moment: datetime | None) -> int | None:
    """Return a moment as whole seconds since 1970."""
    return None if moment is None else int(moment.timestamp())


def address(found: Address) -> accounts.Address:
    """Return an address as it is answered."""
    return accounts.Address(
        type=found.kind,
        street=found.street,
        street2=found.street2,
        zip=found.zip,
        city=found.city,
        country=found.country,
        country_id=published.country_number(found.country),
        for_invoice=found.for_invoice,
    )


def tag(found: Tag) -> accounts.Tag:
    """Return a tag as it is answered."""
    return accounts.Tag(id=found.pk, name=found.name, color_id=found.color_id)


def product(row: Any) -> accounts.Product:
    """Return a product's columns, with ``service__code``, as they are answered."""
    return accounts.Product(
        id=row.pk,
        account_id=row.organization_id,
        service_id=row.service_id,
        service_name=row.service__code,
        internal_name=row.internal_name,
        customer_name=row.customer_name or row.fqdn or row.internal_name,
        fqdn=row.fqdn,
        created_at=int(row.created_at.timestamp()),
        expired_at=seconds(row.expires_at),
        is_free=row.is_free,
        is_locked=row.locked_at is not None,
    )


def tags_on(products: Collection[int]) -> dict[int, list[accounts.Tag]]:
    """Return by product the tags that it bears, by name: one query."""
    found: dict[int, list[accounts.Tag]] = defaultdict(list)
    worn = Tag.objects.filter(products__in=products).order_by("name", "pk")
    for each in worn.annotate(on=F("products")):
        found[each.on].append(tag(each))
    return found


def rights_on(member: Membership, products: Collection[Product]) -> dict[int, list[str]]:
    """Return by product what the member may do on it: one query."""
    return {
        key: sorted(decision.rights, key=_RIGHT_ORDER.__getitem__)
        for key, decision in explain_products(member, products).items()
    }


def permissions(grants: Iterable[Grant]) -> list[people.Permission]:
    """Return grants, loaded with their services, by what they reach."""
    held: dict[str, list[Grant]] = defaultdict(list)
    for grant in grants:
        held[grant.reach].append(grant)
    return [
        people.Permission(
            service_id=found[0].service_id,
            service_name=found[0].service.code if found[0].service else "",
            product_id=found[0].product_id,
            rights=sorted((grant.right for grant in found), key=_RIGHT_ORDER.__getitem__),
        )
        for _, found in sorted(held.items())
    ]


def users(
    call: Call, asker: Membership, rows: Sequence[Membership], *, everything: bool = False
) -> list[people.User]:
    """Return members, loaded with their accounts, as ``asker`` may see them.

    At most two queries besides, however many members. Only those who lead see addresses and how
    others sign in.
    """
    whole = policies.leads(asker)
    teams = _teams(rows) if everything or call.wants("teams") else {}
    grants = _grants(rows) if whole and call.wants("permissions") else {}
    found = []
    for row in rows:
        person = row.account
        shape = people.User(
            id=person.pk,
            user_id=person.pk,
            display_name=person.name,
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email if whole or row.pk == asker.pk else None,
            role_type=row.role,
            created_at=int(row.created_at.timestamp()),
            avatar=settings.HOSPES.base_url + person.picture_url if person.picture else None,
        )
        if call.wants("teams"):
            shape.teams = teams.get(row.pk, [])
        if whole:
            if call.wants("has_billing"):
                shape.has_billing = policies.may_see_billing(row)
            if call.wants("permissions"):
                shape.permissions = permissions(grants.get(row.pk, []))
            if call.wants("security"):
                shape.double_auth = person.two_step_since is not None
                shape.last_login_at = seconds(person.last_sign_in_at)
                shape.is_locked = person.locked_at is not None
        found.append(shape)
    return found


def _teams(rows: Collection[Membership]) -> dict[int, list[people.TeamName]]:
    found: dict[int, list[people.TeamName]] = defaultdict(list)
    places = TeamMember.objects.filter(membership__in=[row.pk for row in rows])
    for place in places.select_related("team").order_by("team__name_key", "team_id"):
        found[place.membership_id].append(team_name(place.team))
    return found


def team_name(team: Team) -> people.TeamName:
    """Return a team by its name alone."""
    return people.TeamName(id=team.pk, name=team.name, color_id=team.color_id)


def _grants(rows: Collection[Membership]) -> dict[int, list[Grant]]:
    found: dict[int, list[Grant]] = defaultdict(list)
    held = Grant.objects.filter(membership__in=[row.pk for row in rows])
    for grant in held.select_related("service").order_by("reach", "right"):
        found[grant.membership_id or 0].append(grant)
    return found
