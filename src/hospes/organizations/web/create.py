"""One's organizations, and founding another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from babel.core import get_global
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import numbers
from hospes.identity.forms.profile import offered_zones
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused
from hospes.organizations import policies, queries
from hospes.organizations.forms.organization import MESSAGES, CreateForm, form_key
from hospes.organizations.models.role_words import NAMES as ROLE_WORDS
from hospes.organizations.services.founding import (
    AlreadyCreated,
    create_organization,
    represented_by,
)
from hospes.organizations.services.switching import SwitchOrganization, switch
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest
    from hospes.organizations.models import Organization


@require_safe
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """List the organizations of whoever is signed in, with their role in each."""
    mine = sorted(
        enumerate(queries.memberships(request)),
        key=lambda pair: pair[1].organization.name.casefold(),
    )
    rows = [
        {
            "organization": membership.organization,
            "role": ROLE_WORDS[membership.role],
            "since": membership.created_at,
            "current": place == 0,
            "sees_settings": policies.may_see_organization(membership),
        }
        for place, membership in mine
    ]
    return render(request, "organizations/organizations.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: HttpRequest) -> HttpResponse:
    """Ask what the organization is; make it; look at it from now on."""
    person = cast("SignedInRequest", request)
    if request.method != "POST":
        account = person.account
        known = get_global("zone_territories")
        initial = {
            "main_country": known.get(account.timezone, ""),
            "language": account.locale,
            "timezone": account.timezone,
            "form_key": form_key(),
        }
        return _page(person, CreateForm(initial=initial))
    form = CreateForm(request.POST)
    if form.is_valid():
        try:
            made = create_organization(
                form.command(), acting_account=person.account, origin=person.origin
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        except AlreadyCreated as done:
            text = _("%(organization)s was created already. Nothing was created twice.")
            messages.info(request, text % {"organization": done.organization.name})
            return _lead_to(person, done.organization)
        else:
            messages.success(
                request, _("%(organization)s was created.") % {"organization": made.name}
            )
            return _lead_to(person, made)
    return _page(person, form)


def _lead_to(request: SignedInRequest, made: Organization) -> HttpResponse:
    """Look at the organization from now on, and lead to its settings."""
    switch(
        SwitchOrganization(made.public_id),
        acting_account=request.account,
        sign_in=request.sign_in,
    )
    return HttpResponseRedirect(reverse("organization_settings", args=[made.public_id]))


def _page(request: SignedInRequest, form: CreateForm) -> HttpResponse:
    limit = numbers.get("organizations.per_account")
    context = {
        "form": form,
        "zones": offered_zones(),
        "limit": limit,
        "full": represented_by(request.account) >= limit,
    }
    status = 422 if form.is_bound else 200
    return render(request, "organizations/create.html", context, status=status)
