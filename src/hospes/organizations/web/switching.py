"""POST /organizations/switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hospes.identity.web.guards import signed_in
from hospes.kit.paths import safe_next
from hospes.organizations.services.switching import SwitchOrganization
from hospes.organizations.services.switching import switch as switch_organization

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_POST
@signed_in
def switch(request: SignedInRequest) -> HttpResponse:
    """Look at another organization, then go on where ``next`` says."""
    organization = switch_organization(
        SwitchOrganization(organization=request.POST.get("organization", "")),
        acting_account=request.account,
        sign_in=request.sign_in,
    )
    messages.success(
        request, _("You are now looking at %(organization)s.") % {"organization": organization.name}
    )
    return HttpResponseRedirect(safe_next(request.POST.get("next")))
