"""Organizations, members, services and products for tests, made without the pages in between."""

from __future__ import annotations

import itertools
import uuid
from typing import TYPE_CHECKING, Any

from hospes.catalog.models import Service
from hospes.foundation import clock
from hospes.organizations.models import CurrentOrganization, Membership, Organization, Product

if TYPE_CHECKING:
    from hospes.identity.models import Account, Session

_numbers = itertools.count(1)


def make_organization(
    owner: Account | None = None, name: str = "Muster AG", **values: Any
) -> Organization:
    """Make an organization, with ``owner`` (None: nobody) as its legal representative."""
    organization = Organization.objects.create(
        **{"public_id": str(uuid.uuid4()), "name": name, "created_at": clock.now(), **values}
    )
    if owner is not None:
        join(organization, owner, Membership.Role.OWNER)
    return organization


def own(account: Account) -> Organization:
    """Return the organization that the account got when it was opened."""
    return (
        Organization.objects.filter(memberships__account=account, memberships__role="owner")
        .order_by("pk")[:1]
        .get()
    )


def join(
    organization: Organization,
    account: Account,
    role: str = Membership.Role.NORMAL,
    **values: Any,
) -> Membership:
    """Make an account a member."""
    return Membership.objects.create(
        **{
            "organization": organization,
            "account": account,
            "role": role,
            "created_at": clock.now(),
            **values,
        }
    )


def look_at(session: Session, organization: Organization) -> None:
    """Have a sign-in look at that organization, as the switcher does."""
    CurrentOrganization.objects.update_or_create(
        session=session, defaults={"organization": organization}
    )


def make_service(code: str = "", **values: Any) -> Service:
    """Return the service of that code (none given: a new one), made if need be."""
    code = code or f"service-{next(_numbers)}"
    name = code.replace("-", " ").title()
    found, _made = Service.objects.get_or_create(
        code=code, defaults={"names": {"en": name}, **values}
    )
    return found


def make_product(
    organization: Organization, service: Service | None = None, name: str = "", **values: Any
) -> Product:
    """Make a product; ``name`` is what the provider's systems call it."""
    return Product.objects.create(
        **{
            "organization": organization,
            "service": service or make_service("web-hosting"),
            "internal_name": name or f"product-{next(_numbers)}",
            "created_at": clock.now(),
            **values,
        }
    )
