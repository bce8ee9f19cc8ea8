"""Discovery and JWKS: the provider's public face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge.http import json_response
from hospes.protocols.oauth import discovery

if TYPE_CHECKING:
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services

# Far below the days for which a coming key is published before it signs.
CACHE_SECONDS = 900
_CACHED = (("Cache-Control", f"public, max-age={CACHE_SECONDS}"),)


def document(_request: HotRequest, services: Services) -> Response:
    """Answer with the discovery document."""
    return json_response(
        200, discovery.document(services.issuer, locales=services.locales), _CACHED
    )


def jwks(_request: HotRequest, services: Services) -> Response:
    """Answer with the public keys."""
    return json_response(200, services.keys.jwks(), _CACHED)
