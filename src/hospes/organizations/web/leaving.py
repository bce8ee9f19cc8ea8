"""Leaving an organization, after saying what ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.identity.web.guards import recently_confirmed
from hospes.kit.faults import Refused
from hospes.organizations.domain import roles
from hospes.organizations.forms.members import MESSAGES, LeaveForm
from hospes.organizations.services import members
from hospes.organizations.services.handing_over import handover
from hospes.organizations.web.access import in_organization
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.organizations.web.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization()
@recently_confirmed
def leave(request: HttpRequest) -> HttpResponse:
    """Name what ends and who has to be appointed first; then end one's membership."""
    asked = cast("MemberRequest", request)
    member, organization = asked.member, asked.member.organization
    others = members.other_owners(member)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.leave(members.LeaveOrganization(member), origin=asked.origin)
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            told = _("You no longer belong to %(organization)s.")
            messages.success(request, told % {"organization": organization.name})
            return HttpResponseRedirect("/")
    context = {
        "organization": organization,
        "form": form,
        "stays": roles.fault_of_going(member.role, other_owners=others),
        "goes": handover(member),
        "own_url": reverse("member", args=[organization.public_id, asked.account.public_id]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/leaving.html", context, status=status)
