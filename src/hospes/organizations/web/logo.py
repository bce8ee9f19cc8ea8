"""Logos of organizations, as everybody may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from hospes.identity.web import stored_pictures
from hospes.organizations.services.logos import folder

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - everybody may see it
    """Return a logo: whoever is invited sees it before signing in."""
    return stored_pictures.shown(folder(), name, caches="public")
