"""The particulars of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.foundation.errors import Denied
from hospes.identity.domain import phones
from hospes.identity.forms.profile import offered_zones
from hospes.identity.services.pictures import most_megabytes
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain.addresses import country_names
from hospes.organizations.forms.organization import LEGAL_TYPES, MESSAGES, SettingsForm
from hospes.organizations.services.logos import remove_logo
from hospes.organizations.services.settings import change_organization, command_of
from hospes.organizations.web.access import in_organization
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.organizations.domain.addresses import PostalAddress
    from hospes.organizations.services.settings import ChangeOrganization
    from hospes.organizations.web.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_see_organization)
def edit(request: MemberRequest) -> HttpResponse:
    """Show the particulars to members; let those who lead change them."""
    organization = request.member.organization
    leads = policies.may_edit_organization(request.member)
    if request.method == "POST" and not leads:
        raise Denied
    present = command_of(organization)
    if not leads:
        return _shown(request, present)
    if request.method != "POST":
        return _page(request, SettingsForm(present=present))
    form = SettingsForm(request.POST, request.FILES, present=present)
    if "remove_logo" in request.POST:
        # What else was typed is neither saved nor lost.
        if remove_logo(organization, acting_account=request.account, origin=request.origin):
            messages.success(request, _("The logo was removed."))
        return _page(request, form, unsaved=True)
    if form.is_valid():
        try:
            changed = change_organization(
                form.command(),
                organization=organization,
                acting_account=request.account,
                origin=request.origin,
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
            form.ask_picture_again(refused)
        else:
            told = _("The settings were saved.") if changed else _("Nothing was changed.")
            messages.success(request, told)
            return HttpResponseRedirect(
                reverse("organization_settings", args=[organization.public_id])
            )
    return _page(request, form)


def _page(request: MemberRequest, form: SettingsForm, *, unsaved: bool = False) -> HttpResponse:
    """Draw the form. ``unsaved``: it came for something else, so nothing in it is judged."""
    context = {
        "organization": request.member.organization,
        "form": form,
        "zones": offered_zones(),
        "megabytes": most_megabytes(),
        "may_close": policies.may_close_organization(request.member),
        "tab": "settings",
    }
    status = 422 if form.is_bound and not unsaved else 200
    return render(request, "organizations/settings.html", context, status=status)


def _shown(request: MemberRequest, present: ChangeOrganization) -> HttpResponse:
    languages = dict(settings.LANGUAGES)
    context = {
        "organization": request.member.organization,
        "present": present,
        "legal_type": LEGAL_TYPES[present.legal_type],
        "phone": phones.shown(present.phone),
        "language": languages.get(present.language, ""),
        "main": _lines(present.main),
        "billing": _lines(present.billing),
        "tab": "settings",
    }
    return render(request, "organizations/settings_shown.html", context)


def _lines(address: PostalAddress) -> list[str]:
    names = country_names(get_language() or "en")
    place = f"{address.zip} {address.city}".strip()
    country = names.get(address.country, address.country)
    return [line for line in (address.street, address.street2, place, country) if line]
