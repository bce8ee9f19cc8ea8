"""Logos of applications: uploaded, removed, shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospes.connect.forms import LOGO_MESSAGES, LogoForm
from hospes.connect.services.logos import SetLogo, folder, remove_logo, set_logo
from hospes.connect.web.access import application_of, managing
from hospes.connect.web.applications import edit_page
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from hospes.identity.web.guards import SignedInRequest

NAME = re.compile(r"([0-9a-f]{64})-(256|64)\.webp")
A_YEAR = 365 * 24 * 3600


@require_POST
@signed_in
def change(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Take an upload."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    form = LogoForm(request.POST, request.FILES)
    form.is_valid()
    upload = request.FILES.get("picture")
    try:
        set_logo(
            SetLogo(application, upload.read() if upload else b""),
            acting_account=person.account,
            origin=person.origin,
        )
    except Refused as refused:
        form.errors.pop("picture", None)
        add_faults(form, refused, LOGO_MESSAGES)
        return edit_page(request, application, logo_form=form)
    messages.success(request, _("The logo was saved."))
    return HttpResponseRedirect(reverse("application_edit", args=[client_id]))


@require_POST
@signed_in
def remove(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Go back to the name's first letter."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    if remove_logo(application, acting_account=person.account, origin=person.origin):
        messages.success(request, _("The logo was removed."))
    return HttpResponseRedirect(reverse("application_edit", args=[client_id]))


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - everybody may see it
    """Return a logo: whoever is sent here by the application sees it before signing in."""
    match = NAME.fullmatch(name)
    content = folder().read(match[1], int(match[2])) if match else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/webp")
    # The name is the content's hash: what it names never changes.
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
