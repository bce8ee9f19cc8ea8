"""Whose applications a page is about, and whether the person may change them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hospes.connect import queries
from hospes.foundation.errors import Denied, NotFound
from hospes.organizations.policies import may_manage_applications, may_see_applications
from hospes.organizations.queries import current_membership

if TYPE_CHECKING:
    from uuid import UUID

    from hospes.connect.models import Application
    from hospes.identity.web.guards import SignedInRequest
    from hospes.organizations.models import Membership


def seeing(request: SignedInRequest) -> Membership:
    """Return the membership of whoever may look at the current organization's applications."""
    membership = current_membership(request)
    if membership is None:
        raise NotFound
    if not may_see_applications(membership):
        raise Denied
    return membership


def managing(request: SignedInRequest) -> Membership:
    """Return the membership of whoever may change the current organization's applications."""
    membership = seeing(request)
    if not may_manage_applications(membership):
        raise Denied
    return membership


def application_of(membership: Membership, client_id: UUID) -> Application:
    """Return the organization's application; another organization's does not exist here."""
    application = queries.in_organization(membership.organization, str(client_id))
    if application is None:
        raise NotFound
    return application


def instant(seconds: int | None) -> datetime | None:
    """Return a column's whole seconds as the aware time that templates show."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
