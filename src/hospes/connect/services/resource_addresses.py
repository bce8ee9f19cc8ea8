"""Which addresses an application may name as its own resources (RFC 8707)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from hospes.connect.models import Application
from hospes.kit.faults import Fault
from hospes.protocols.oauth import options, resources

if TYPE_CHECKING:
    from collections.abc import Sequence


def faults_of(uris: Sequence[str], application: Application) -> list[Fault]:
    """Return everything that is wrong with the addresses."""
    field = "resource_uris"
    if len(uris) > resources.MOST:
        return [Fault(field, "too_many", {"most": resources.MOST})]
    if not all(map(resources.well_formed, uris)):
        return [Fault(field, "resource")]
    sites = {_site(uri) for uri in uris}
    found = []
    if _site(settings.HOSPES.base_url) in sites:
        found.append(Fault(field, "of_provider"))
    if sites and sites & _of_others(application):
        found.append(Fault(field, "taken"))
    return found


def _of_others(application: Application) -> set[str]:
    """Return the sites that applications of other organizations guard.

    Whoever guards one trusts tokens that are for it. Nobody else may have such tokens made.
    """
    rows = Application.objects.filter(options__contains='"resource_uris"')
    texts = rows.exclude(organization_id=application.organization_id)
    return {
        _site(uri)
        for text in texts.values_list("options", flat=True)
        for uri in options.read(text).resource_uris
    }


def _site(uri: str) -> str:
    """Return host and port, however they are written."""
    parts = urlsplit(uri)
    return f"{(parts.hostname or '').rstrip('.')}:{parts.port or 443}"
