"""What a member may do on a product, decided from what was loaded: pages, API and tokens ask here.

Pure: whoever asks has loaded the membership and the product at this very request, and the grants
with ``queries/rights.py``. Nothing is remembered, so what ends has ended at the next request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.organizations.domain import rights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.organizations.domain.rights import Decision, GrantView
    from hospes.organizations.models import Membership, Product


def thing(product: Product) -> rights.Thing:
    """Return a product as far as rights go."""
    return rights.Thing(product.organization_id, product.service_id, product.pk)


def person(membership: Membership, teams: Iterable[int] = ()) -> rights.Person:
    """Return a member as far as rights go; ``teams`` are the keys of those they are in."""
    return rights.Person(
        membership.organization_id, membership.pk, membership.role, frozenset(teams)
    )


def decide(
    membership: Membership, product: Product, grants: Iterable[GrantView], teams: Iterable[int]
) -> Decision:
    """Return what the member may do on the product, and why."""
    return rights.decide(person(membership, teams), thing(product), grants)


def has_all_by_role(membership: Membership) -> bool:
    """Return whether the member's role gives every right on every product."""
    return membership.role in rights.LEADING_ROLES


def may_see_product(decision: Decision) -> bool:
    """Return whether the product shows up for the member: any right on it is enough."""
    return bool(decision.rights)


def may_manage_product(decision: Decision) -> bool:
    """Return whether the member may change the product itself."""
    return decision.allows("technical")
