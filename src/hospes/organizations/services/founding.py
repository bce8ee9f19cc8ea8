"""What happens to organizations when accounts come and go.

Both functions run inside the transaction of the event that calls them: there is never an account
without an organization, nor an organization nobody belongs to.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from hospes.foundation import clock
from hospes.identity.models import Account
from hospes.organizations.models import Membership, Organization

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_LENGTH = 128


def found_for_new_account(payload: Mapping[str, Any]) -> None:
    """Give a new account an organization of its own, named after the person.

    Does nothing where the account already belongs to one, so a repeated event is harmless.
    """
    account = Account.objects.get(pk=payload["account_id"])
    if Membership.objects.filter(account=account).exists():
        return
    found(name=account.name or account.email, owner=account)


def found(*, name: str, owner: Account) -> Organization:
    """Make an organization with ``owner`` as its legal representative."""
    now = clock.now()
    organization = Organization.objects.create(
        public_id=str(uuid.uuid4()), name=name[:NAME_LENGTH].strip(), created_at=now
    )
    Membership.objects.create(
        organization=organization, account=owner, role=Membership.Role.OWNER, created_at=now
    )
    return organization


def leave_with_deleted_account(payload: Mapping[str, Any]) -> None:
    """End the memberships of a deleted account; what then belongs to nobody goes with it."""
    account_id = payload["account_id"]
    joined = list(
        Membership.objects.filter(account_id=account_id).values_list("organization_id", flat=True)
    )
    Membership.objects.filter(account_id=account_id).delete()
    Organization.objects.filter(pk__in=joined, memberships__isnull=True).delete()
