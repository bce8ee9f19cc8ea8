"""Loads what a decision about rights needs, and no more: one statement, whatever there is.

Nothing is kept from one request to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Func
from django.db.models.fields import BooleanField

from hospes.foundation import statements
from hospes.organizations.domain import rights
from hospes.organizations.domain.rights import GrantView
from hospes.organizations.models import Product
from hospes.organizations.policies import rights as policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from hospes.organizations.domain.rights import Decision
    from hospes.organizations.models import Membership

# Grants of a member, then of the teams of the organization that the member is in.
_HELD = """
    SELECT {column} FROM organizations_grant g WHERE g.membership_id = %s{which}
    UNION ALL
    SELECT {column} FROM organizations_grant g
    JOIN organizations_team t ON t.id = g.team_id
    JOIN organizations_team_member p ON p.team_id = t.id
    WHERE p.membership_id = %s AND t.organization_id = %s{which}"""


def _reaches(only: str) -> str:
    """Return the condition that a grant reaches a product; ``only`` says which grants count."""

    def held(column: str, which: str) -> str:
        return _HELD.format(column=column, which=which + only)

    products = held("g.product_id", " AND g.product_id IS NOT NULL")
    services = held("g.service_id", " AND g.service_id IS NOT NULL")
    everything = held("1", " AND g.reach = 'all'")
    return f"({{product}} IN ({products}) OR {{service}} IN ({services}) OR EXISTS ({everything}))"


_ANY_RIGHT = _reaches("")
_ONE_RIGHT = _reaches(' AND g."right" = %s')
# The same with what a decision is made of: two halves and not one OR, each walks its own index.
_GRANTS = """
    SELECT g.membership_id, g.team_id, g.reach, g."right", '' FROM organizations_grant g
    WHERE g.membership_id = %s{which}
    UNION ALL
    SELECT g.membership_id, g.team_id, g.reach, g."right", t.name FROM organizations_grant g
    JOIN organizations_team t ON t.id = g.team_id
    JOIN organizations_team_member p ON p.team_id = t.id
    WHERE p.membership_id = %s AND t.organization_id = %s{which}"""


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


def held(membership: Membership, reaches: Sequence[str]) -> list[GrantView]:
    """Return the member's grants, their own and their teams', that reach just that."""
    rows = statements.rows(
        _grants(len(reaches)),
        *(membership.pk, *reaches),
        *(membership.pk, membership.organization_id, *reaches),
    )
    found = views(membership.organization_id, rows)
    return sorted(found, key=lambda grant: (grant.holder == "team", grant.holder_name, grant.reach))


def _grants(reaches: int) -> str:
    # The values are parameters; only how many there are stands in the text.
    marks = ", ".join(["%s"] * reaches) or "NULL"
    return _GRANTS.format(which=f" AND g.reach IN ({marks})")


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


def visible_products(membership: Membership) -> QuerySet[Product]:
    """Return the products on which the member has any right: one statement when it is read."""
    if policy.has_all_by_role(membership):
        return Product.objects.filter(organization_id=membership.organization_id)
    return _reached(membership)


def products_with(membership: Membership, right: str) -> QuerySet[Product]:
    """Return the products on which the member has that right."""
    if policy.has_all_by_role(membership):
        found = Product.objects.filter(organization_id=membership.organization_id)
        return found if rights.is_right(right) else found.none()
    return _reached(membership, right=right)


def _reached(membership: Membership, right: str = "") -> QuerySet[Product]:
    return Product.objects.filter(
        Reached(membership, right), organization_id=membership.organization_id
    )


class Reached(Func):
    """The condition that one of a member's grants reaches a product.

    Its text never changes, so it is written here: Django would take longer to write it than a
    database to answer. The product's columns are Django's, whatever the table is called in the
    statement.
    """

    output_field = BooleanField()

    def __init__(self, membership: Membership, right: str = "") -> None:
        """Let only grants of ``right`` count, unless it is ``""``."""
        super().__init__(F("pk"), F("service_id"))
        own: list[int | str] = [membership.pk]
        ours: list[int | str] = [membership.pk, membership.organization_id]
        if right:
            own.append(right)
            ours.append(right)
        self.values = (*own, *ours) * 3
        self.text = _ONE_RIGHT if right else _ANY_RIGHT

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - Django hands it over by name
        *_others: Any,
        **_context: Any,
    ) -> tuple[str, tuple[int | str, ...]]:
        """Return the condition and its values."""
        product, service = (compiler.compile(each)[0] for each in self.source_expressions)
        return self.text.format(product=product, service=service), self.values
