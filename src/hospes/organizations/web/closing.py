"""Deleting an organization, after naming what goes and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.forms.organization import CLOSING_MESSAGES, CloseForm
from hospes.organizations.queries import closing as queries
from hospes.organizations.services.closing import (
    CloseOrganization,
    close_organization,
    handover,
)
from hospes.organizations.web.access import in_organization
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.organizations.web.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_close_organization)
@second_factor_proved
def close(request: HttpRequest) -> HttpResponse:
    """Name what goes and what stands against it; ask for the name as a confirmation."""
    asked = cast("MemberRequest", request)
    organization = asked.member.organization
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_organization(
                CloseOrganization(organization, form.cleaned_data["typed_name"]),
                acting_account=asked.account,
                origin=asked.origin,
            )
        except Refused as refused:
            add_faults(form, refused, CLOSING_MESSAGES)
        else:
            told = _("%(organization)s was deleted.") % {"organization": organization.name}
            messages.success(request, told)
            return HttpResponseRedirect("/")
    told_of = handover(organization)
    context = {
        "organization": organization,
        "form": form,
        "obstacles": told_of.obstacles,
        "losses": told_of.losses,
        "is_last": queries.is_last_of(asked.account, organization),
        "tab": "settings",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/closing.html", context, status=status)
