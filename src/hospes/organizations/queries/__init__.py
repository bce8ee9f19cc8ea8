"""Reads: which organizations an account belongs to, and which one a request looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Exists, OuterRef, Value
from django.db.models.fields import BooleanField

from hospes.organizations.models import CurrentOrganization, Membership, Organization

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from hospes.identity.models import Account

_CACHE = "_hospes_memberships"


def organizations_of(account: Account) -> QuerySet[Organization]:
    """Return the organizations ``account`` belongs to, the oldest membership first."""
    return Organization.objects.filter(memberships__account=account).order_by("memberships__id")


def memberships_of(account: Account) -> QuerySet[Membership]:
    """Return the memberships of ``account`` with their organizations, the oldest first."""
    return Membership.objects.filter(account=account).select_related("organization").order_by("id")


def membership_in(account: Account, organization_public_id: str) -> Membership | None:
    """Return the membership of ``account`` in that organization; None for a stranger."""
    # Compared here: the value is as it was sent, and PostgreSQL takes no text with a NUL.
    mine = memberships_of(account)
    return next((m for m in mine if m.organization.public_id == organization_public_id), None)


def memberships(request: HttpRequest) -> tuple[Membership, ...]:
    """Return the memberships of whoever is signed in, the current one first.

    One query per request, however often it is asked; none for visitors.
    """
    found = vars(request).get(_CACHE)
    if found is None:
        found = _load(request)
        vars(request)[_CACHE] = found
    return cast("tuple[Membership, ...]", found)


def _load(request: HttpRequest) -> tuple[Membership, ...]:
    account = getattr(request, "account", None)
    sign_in = getattr(request, "sign_in", None)
    if account is None:
        return ()
    chosen = (
        Exists(
            CurrentOrganization.objects.filter(
                session_id=sign_in.pk, organization_id=OuterRef("organization_id")
            )
        )
        if sign_in is not None
        else Value(value=False, output_field=BooleanField())
    )
    rows = memberships_of(account).annotate(chosen=chosen).order_by("-chosen", "id")
    return tuple(rows)


def current_membership(request: HttpRequest) -> Membership | None:
    """Return the membership in the organization this sign-in looks at."""
    found = memberships(request)
    return found[0] if found else None


def current(request: HttpRequest) -> Organization | None:
    """Return the organization this sign-in looks at; None for visitors."""
    membership = current_membership(request)
    return membership.organization if membership is not None else None


def listed(request: HttpRequest) -> tuple[Organization, ...]:
    """Return the organizations to offer in the switcher, by name."""
    found = (membership.organization for membership in memberships(request))
    return tuple(sorted(found, key=lambda organization: organization.name.casefold()))


def represented_alone(account: Account) -> tuple[Organization, ...]:
    """Return organizations with other members that ``account`` alone represents legally."""
    owned = Membership.objects.filter(account=account, role=Membership.Role.OWNER)
    others = Membership.objects.filter(organization=OuterRef("pk")).exclude(account=account)
    return tuple(
        Organization.objects.filter(
            Exists(owned.filter(organization=OuterRef("pk"))),
            Exists(others),
            ~Exists(others.filter(role=Membership.Role.OWNER)),
        ).order_by("name", "id")
    )


def alone_in(account: Account) -> tuple[Organization, ...]:
    """Return the organizations that nobody but ``account`` belongs to."""
    others = Membership.objects.filter(organization=OuterRef("pk")).exclude(account=account)
    return tuple(organizations_of(account).filter(~Exists(others)))
