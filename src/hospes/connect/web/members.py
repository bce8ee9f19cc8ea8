"""Members of an organization that asks more of them than of its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from hospes.organizations.policies.two_step import admitted
from hospes.organizations.queries import membership_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.connect.models import Application
    from hospes.identity.models import Account


def lacks_two_step(account: Account, application: Application) -> bool:
    """Return whether this member of the application's organization is not let in yet.

    Its pages stop them too. Customers who are no members sign in as they like. The application
    must be loaded with its organization.
    """
    organization = application.organization
    if account.two_step_since is not None or organization.two_step_required_at is None:
        return False
    member = membership_in(account, organization.public_id)
    return member is not None and not admitted(member, has_two_step=False)


def to_setting_up(application: Application, following: str) -> HttpResponse:
    """Send a member to the page on which the organization's own pages stop them too."""
    query = urlencode({"organization": application.organization.public_id, "next": following})
    return HttpResponseRedirect(f"{reverse('two_step_needed')}?{query}")
