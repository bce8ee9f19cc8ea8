"""Looking at another of one's organizations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.foundation.errors import NotFound
from hospes.organizations import queries
from hospes.organizations.models import CurrentOrganization

if TYPE_CHECKING:
    from hospes.identity.models import Account, Session
    from hospes.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class SwitchOrganization:
    """``organization`` is the public id of the one to look at."""

    organization: str


def switch(
    command: SwitchOrganization, *, acting_account: Account, sign_in: Session
) -> Organization:
    """Make this sign-in look at another organization; other browsers keep theirs.

    Raises:
        NotFound: the account is no member of it, or there is none of that name.

    """
    membership = queries.membership_in(acting_account, command.organization)
    if membership is None:
        raise NotFound
    CurrentOrganization.objects.update_or_create(
        session=sign_in, defaults={"organization": membership.organization}
    )
    return membership.organization
