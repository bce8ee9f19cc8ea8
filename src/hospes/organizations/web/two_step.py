"""Requiring two-step verification of all members; the page of those who lack it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.identity.web.guards import signed_in
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Refused
from hospes.kit.paths import safe_next
from hospes.organizations import policies
from hospes.organizations import queries as membership_queries
from hospes.organizations.forms.members import MESSAGES
from hospes.organizations.models import Membership, role_words
from hospes.organizations.policies.two_step import admitted
from hospes.organizations.queries import members as queries
from hospes.organizations.services.two_step import RequireTwoStep
from hospes.organizations.services.two_step import require as require_two_step
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest
    from hospes.organizations.web.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
@second_factor_proved
def settings(request: HttpRequest) -> HttpResponse:
    """Show who lacks it and what happens to them; switch the requirement on or off."""
    asked = cast("MemberRequest", request)
    organization = asked.member.organization
    page_url = reverse("organization_two_step", args=[organization.public_id])
    if request.method == "POST":
        required = request.POST.get("required") == "on"
        try:
            require_two_step(
                RequireTwoStep(required), acting_member=asked.member, origin=asked.origin
            )
        except Refused as refused:
            fault = refused.faults[0]
            messages.error(request, str(MESSAGES["", fault.code]) % fault.params)
        else:
            told = (
                _("Two-step verification is required now. Members without it are told by mail.")
                if required
                else _("Two-step verification is no longer required.")
            )
            messages.success(request, told)
        return HttpResponseRedirect(page_url)
    page = lists.page_of(request, queries.without_two_step(organization))
    context = {
        "organization": organization,
        "required_since": organization.two_step_required_at,
        "own": asked.account.two_step_since is not None,
        "page": page,
        "rows": [{"account": m.account, "role": role_words.NAMES[m.role]} for m in page],
        "missing": page.paginator.count,
    }
    return render(request, "organizations/two_step.html", context)


@require_safe
@in_organization(policies.may_manage_members)
@second_factor_proved
def ask_off(request: HttpRequest) -> HttpResponse:
    """Ask before the requirement ends; the form goes to the page itself."""
    organization = cast("MemberRequest", request).member.organization
    context = {
        "organization": organization,
        "heading": _("Stop requiring two-step verification?"),
        "text": _(
            "Members may then switch theirs off, and a stolen password alone opens an account "
            "without it. It is written into the organization's activity."
        ),
    }
    return render(request, "organizations/two_step_off.html", context)


@require_safe
@signed_in
def needed(request: HttpRequest) -> HttpResponse:
    """Say why the organization's pages are closed, and what opens them."""
    asked = cast("SignedInRequest", request)
    mine = membership_queries.memberships(request)
    back = safe_next(request.GET.get("next"))
    has = asked.account.two_step_since is not None
    named = request.GET.get("organization")
    # An application's organization need not be the one that is looked at.
    here = next((m for m in mine if named in {None, m.organization.public_id}), None)
    if here is None or admitted(here, has_two_step=has):
        return HttpResponseRedirect(back)
    others = () if named else mine[1:]
    context = {
        "organization": here.organization,
        "others": [m.organization for m in others if admitted(m, has_two_step=has)],
        "leaves": here.role == Membership.Role.CLIENT,
        "set_up": f"{reverse('two_step')}?{urlencode({'next': back})}",
    }
    return render(request, "organizations/two_step_needed.html", context)
