"""The module for a site, with issuer and Client ID filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from hospes.connect.domain.presets import PRESETS
from hospes.connect.gateways import modules
from hospes.connect.web.access import application_of, seeing
from hospes.connect.web.addresses import issuer
from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import signed_in

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from hospes.connect.models import Application
    from hospes.identity.web.guards import SignedInRequest


def module_of(application: Application) -> Path | None:
    """Return the folder of the module for the application's software, if there is one."""
    preset = PRESETS.get(application.preset)
    return modules.find(preset.module) if preset else None


@require_safe
@signed_in
def download(request: HttpRequest, client_id: UUID) -> HttpResponseBase:
    """Send the module as a zip to whoever may see the application; it never holds a secret."""
    application = application_of(seeing(cast("SignedInRequest", request)), client_id)
    folder = module_of(application)
    if folder is None:
        raise NotFound
    site = modules.site_file(
        issuer=issuer(),
        client_id=application.client_id,
        provider=settings.HOSPES.provider_name,
    )
    # TYPO3 unpacks a zip where the extension is to be, the others beside it.
    found = modules.files(folder, site, flat=application.preset == "typo3")
    tag = modules.etag(found)
    same = get_conditional_response(request, etag=tag)
    if same is not None:
        return same
    response = StreamingHttpResponse(modules.stream(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{folder.name}.zip"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    return response
