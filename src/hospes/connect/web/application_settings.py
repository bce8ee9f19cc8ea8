"""The page that prints what an application's software needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hospes.connect.domain import presets
from hospes.connect.domain.setting_texts import BLOCKS
from hospes.connect.domain.settings_text import SECRET, rendered
from hospes.connect.models import Application
from hospes.connect.services.applications import draft_of
from hospes.connect.web.access import application_of, seeing
from hospes.connect.web.addresses import DISCOVERY, INTROSPECTION, TOKEN, issuer
from hospes.connect.web.application_module import module_of
from hospes.connect.web.setting_words import STEPS
from hospes.connect.web.software import title_of
from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import signed_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_GET
@signed_in
def show(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Print the settings; the secret is a place to fill in, nobody here knows it."""
    application = application_of(seeing(cast("SignedInRequest", request)), client_id)
    if application.type == Application.Type.OTHER:
        raise NotFound
    preset = presets.PRESETS.get(application.preset, presets.PRESETS[presets.GENERIC])
    values = values_of(application, preset)
    context = {
        "application": application,
        "software": title_of(preset),
        "module": module_of(application),
        "secret": SECRET if application.type != Application.Type.MOBILE else "",
        "asks_passwords": preset.name == "roundcube"
        and not application.accepts_application_passwords,
        "blocks": [
            {
                "step": STEPS[block.key],
                "place": block.place,
                "text": rendered(block, values),
                "number": number,
            }
            for number, block in enumerate(BLOCKS[preset.name], start=1)
        ],
    }
    return render(request, "connect/application_settings.html", context)


def values_of(application: Application, preset: presets.Preset) -> dict[str, str]:
    """Return what is filled in: the provider's addresses, and the application's own."""
    base = issuer()
    uris = draft_of(application).redirect_uris
    first = uris[0] if uris else ""
    # Beside one that the software uses there may be one that guides copied.
    used = [uri for uri in uris if presets.usable(preset, uri)]
    parts = urlsplit(first)
    site = presets.site_behind(preset, uris) or f"{parts.scheme}://{parts.netloc}"
    return {
        "issuer": base,
        "discovery": base + DISCOVERY,
        "authorization_endpoint": base + reverse("authorize"),
        "token_endpoint": base + TOKEN,
        "userinfo_endpoint": base + "/oauth2/userinfo",
        "introspection_endpoint": base + INTROSPECTION,
        "end_session_endpoint": base + reverse("end_session"),
        "provider": settings.HOSPES.provider_name,
        "client_id": application.client_id,
        "secret": SECRET if application.type != Application.Type.MOBILE else "",
        "redirect_uri": used[0] if used else first,
        "redirect_uris": ", ".join(used or uris),
        "scopes": preset.scopes,
        "site": site,
        "site_quoted": quote(site, safe=""),
    }
