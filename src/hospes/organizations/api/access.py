"""Whose organization a call is about, and whether its token and its account let it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.foundation.errors import Denied, NotFound
from hospes.organizations import policies
from hospes.organizations.models import Membership, Product
from hospes.organizations.policies.two_step import admitted
from hospes.organizations.queries import rights
from hospes.rest.faults import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from hospes.rest.calls import Call

    Policy = Callable[[Membership | None], bool]


_BRIEF = (
    *("organization_id", "account_id", "role"),
    *("organization__two_step_required_at", "account__two_step_since"),
)


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


def admitted_organizations(call: Call, *, brief: bool = False) -> list[Membership]:
    """Return every membership that the token reaches and that lets its account in.

    With ``brief`` they hold the role and keys alone, which is all that lists of products need: a
    row of three tables with every column costs more than the fifty rows of a page.
    """
    rows = memberships(call).order_by("pk")
    return [
        found
        for found in (rows.only(*_BRIEF) if brief else rows)
        if admitted(found, has_two_step=found.account.two_step_since is not None)
    ]
