"""Filling the demo's organizations: addresses, products with tags, work teams.

Each organization is filled once: one that has an address, a product or a team keeps what is there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hospes.catalog import queries as catalog
from hospes.catalog.services.loading import load_services
from hospes.demo.holdings import ADDRESSES, HOLDINGS, SERVICES, TAGS, TEAMS
from hospes.foundation import clock
from hospes.kit.origin import SYSTEM
from hospes.organizations.domain import addresses, rights
from hospes.organizations.models import Address, Membership, Organization, Product, Tag, Team
from hospes.organizations.services.grants import Wanted
from hospes.organizations.services.products import AddProduct, add_product
from hospes.organizations.services.tags import CreateTag, TagProducts, create_tag, tag_products
from hospes.organizations.services.team_members import AddMembers, add_members
from hospes.organizations.services.teams import CreateTeam, create_team

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.demo.holdings import WorkTeam
    from hospes.identity.models import Account


def fill(organizations: Mapping[str, Organization], accounts: Mapping[str, Account]) -> None:
    """Fill the organizations, by their owner's key, with what the demo says they have."""
    if catalog.by_code(SERVICES[0].code) is None:
        load_services(SERVICES, origin=SYSTEM)
    for owner, organization in organizations.items():
        if owner in ADDRESSES and not organization.addresses.exists():
            _place(organization, owner)
        if not organization.products.exists():
            _add_products(organization, owner, accounts[owner])
        if not organization.teams.exists():
            for team in TEAMS:
                if team.owner == owner:
                    _make_team(organization, team, accounts)


def _place(organization: Organization, owner: str) -> None:
    legal_type, address = ADDRESSES[owner]
    Organization.objects.filter(pk=organization.pk).update(legal_type=legal_type)
    Address.objects.create(
        organization=organization,
        kind=Address.Kind.MAIN,
        for_invoice=True,
        **{part: getattr(address, part) for part in addresses.PARTS},
    )


def _add_products(organization: Organization, owner: str, account: Account) -> None:
    tags = {
        name: create_tag(
            CreateTag(organization, name, colour), acting_account=account, origin=SYSTEM
        )
        for name, colour in TAGS.get(owner, ())
        if not Tag.objects.filter(organization=organization, name=name).exists()
    }
    now = clock.now()
    bearing: dict[str, list[int]] = {name: [] for name in tags}
    for holding in HOLDINGS:
        service = catalog.by_code(holding.service)
        if holding.owner != owner or service is None:
            continue
        product = add_product(
            AddProduct(
                organization=organization,
                service=service,
                internal_name=holding.internal_name,
                customer_name=holding.customer_name,
                fqdn=holding.fqdn,
                expires_at=None if holding.days is None else now + timedelta(days=holding.days),
                is_free=holding.is_free,
            ),
            origin=SYSTEM,
        )
        for name in holding.tags:
            bearing.get(name, []).append(product.pk)
    for name, products in bearing.items():
        tag_products(
            TagProducts(organization, products, add=[tags[name].pk]),
            acting_account=account,
            origin=SYSTEM,
        )


def _make_team(
    organization: Organization, wanted: WorkTeam, accounts: Mapping[str, Account]
) -> Team:
    people = [accounts[key] for key in wanted.members if key in accounts]
    members = Membership.objects.filter(organization=organization, account__in=people)
    reaches = (
        [rights.EVERYTHING]
        if not wanted.tag
        else [
            rights.product(number)
            for number in Product.objects.filter(
                organization=organization, tags__name=wanted.tag
            ).values_list("pk", flat=True)
        ]
    )
    team = create_team(
        CreateTeam(
            organization,
            wanted.name,
            wanted.color_id,
            leader=members.filter(account=accounts.get(wanted.leader)).first(),
            grants=frozenset(Wanted(reach, wanted.right) for reach in reaches),
        ),
        acting_member=None,
        origin=SYSTEM,
    )
    add_members(AddMembers(team, tuple(members)), acting_member=None, origin=SYSTEM)
    return team
