"""Whose organization a call is about, and whether its token and its account let it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.foundation import statements
from hospes.foundation.errors import Denied, NotFound
from hospes.organizations import policies
from hospes.organizations.models import Membership, Product
from hospes.organizations.policies.two_step import admitted, lets_in
from hospes.organizations.queries import rights
from hospes.rest.faults import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from hospes.rest.calls import Call

    Policy = Callable[[Membership | None], bool]


# Keys and role of a person's memberships, and what decides whether each lets them in.
_STANDING = """
    SELECT m.id, m.organization_id, m.role,
        o.two_step_required_at IS NOT NULL, a.two_step_since IS NOT NULL
    FROM organizations_membership m
    JOIN organizations_organization o ON o.id = m.organization_id
    JOIN identity_account a ON a.id = m.account_id
    WHERE m.account_id = %s{which} ORDER BY m.id"""
_EVERY = _STANDING.format(which="")
_ONE = _STANDING.format(which=" AND m.organization_id = %s")


def memberships(call: Call) -> QuerySet[Membership]:
    """Return the memberships that the token reaches, with their organizations and the account."""
    found = Membership.objects.filter(account_id=call.principal.account_id)
    if call.principal.organization_id is not None:
        found = found.filter(organization_id=call.principal.organization_id)
    return found.select_related("organization", "account")


def member(call: Call, account: int, allowed: Policy | None = None) -> Membership:
    """Return whoever calls as a member of the organization: one query.

    Raises:
        NotFound: the account is no member of it, or the token was not made for it.
        Problem: ``access_denied`` where the organization requires two-step verification.
        Denied: ``allowed`` does not let this member in.

    """
    found = memberships(call).filter(organization_id=account).first()
    if found is None:
        raise NotFound
    if not admitted(found, has_two_step=found.account.two_step_since is not None):
        raise Problem(
            "access_denied",
            description=(
                "This organization requires two-step verification, which the account behind the "
                "token has not set up."
            ),
            context={"attribute": "account", "reason": "two_step_required"},
        )
    if allowed is not None and not allowed(found):
        raise Denied
    return found


def whole(call: Call, account: int, allowed: Policy | None = None) -> Membership:
    """Return ``member`` where the token is not limited to some products.

    A token that was made for single products does not change people, teams or settings.

    Raises:
        NotFound, Problem, Denied: as ``member``.

    """
    found = member(call, account, allowed)
    if call.principal.product_ids is not None:
        raise Problem(
            "access_denied",
            description="This token was made for some products only.",
            context={"attribute": "products", "reason": "limited_token"},
        )
    return found


def leading(call: Call, account: int) -> Membership:
    """Return whoever calls, as one who leads the organization; raises as ``whole``."""
    return whole(call, account, policies.leads)


def leads(call: Call, account: int, **_things: int) -> None:
    """Let in who leads the organization that an address names, whatever else it names.

    Raises:
        NotFound, Problem, Denied: as ``member``.

    """
    leading(call, account)


def products(call: Call, membership: Membership) -> QuerySet[Product]:
    """Return the products that the member has any right on and the token reaches."""
    found = rights.visible_products(membership)
    if call.principal.product_ids is not None:
        found = found.filter(pk__in=call.principal.product_ids)
    return found


def admitted_organizations(call: Call) -> list[Membership]:
    """Return every membership that the token reaches and that lets its account in."""
    return [
        found
        for found in memberships(call).order_by("pk")
        if admitted(found, has_two_step=found.account.two_step_since is not None)
    ]


def standing(call: Call) -> list[Membership]:
    """Return ``admitted_organizations`` with keys and role alone, all that lists need.

    A row of three tables with every column costs more than the fifty rows of a page.
    """
    who, only = call.principal.account_id, call.principal.organization_id
    rows = statements.rows(_EVERY, who) if only is None else statements.rows(_ONE, who, only)
    return [
        Membership(pk=key, organization_id=organization, account_id=who, role=role)
        for key, organization, role, required, has_two_step in rows
        if lets_in(required=bool(required), has_two_step=bool(has_two_step))
    ]


def current(call: Call) -> int | None:
    """Return the token's organization, else the one joined first; None where there is none."""
    return next((found.organization_id for found in standing(call)), None)
