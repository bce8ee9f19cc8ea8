"""Members without two-step verification are stopped where their organization requires it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from hospes.organizations import queries
from hospes.organizations.domain import two_step
from hospes.organizations.models import Membership
from hospes.organizations.policies.two_step import admitted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest


class TwoStepMiddleware:
    """Send them to the page that says so, instead of a page of this organization.

    Those who have two-step verification cost no query. For the others the memberships are read,
    which every page reads once anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Stop whoever is not admitted; let everybody else go on."""
        account = cast("IdentityRequest", request).account
        if account is None or account.two_step_since is not None:
            return self.get_response(request)
        if two_step.is_open(request.path_info):
            return self.get_response(request)
        member = queries.current_membership(request)
        if member is None or admitted(member, has_two_step=False) or _leaves(request, member):
            return self.get_response(request)
        query = ""
        if request.method == "GET":
            query = "?" + urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('two_step_needed')}{query}")


def _leaves(request: HttpRequest, member: Membership) -> bool:
    """Return whether an external user opens the page on which they leave instead."""
    page = reverse("leave_organization", args=[member.organization.public_id])
    return member.role == Membership.Role.CLIENT and request.path_info == page
