"""Discovery and JWKS: the provider's public face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge.http import json_response
from hospes.protocols.oauth import certificates, discovery
from hospes.protocols.oauth.discovery import Certified

if TYPE_CHECKING:
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Mtls, Services

# Far below the days for which a coming key is published before it signs.
CACHE_SECONDS = 900
_CACHED = (("Cache-Control", f"public, max-age={CACHE_SECONDS}"),)


def document(_request: HotRequest, services: Services) -> Response:
    """Answer with the discovery document."""
    told = discovery.document(
        services.issuer, locales=services.locales, mtls=_certified(services.mtls)
    )
    return json_response(200, told, _CACHED)


def _certified(mtls: Mtls | None) -> Certified | None:
    if mtls is None:
        return None
    # Names prove something only where somebody vouches for them.
    trusts = bool(mtls.trusted.authorities)
    methods = certificates.METHODS if trusts else (certificates.SELF_SIGNED,)
    return Certified(methods, mtls.url)


def jwks(_request: HotRequest, services: Services) -> Response:
    """Answer with the public keys."""
    return json_response(200, services.keys.jwks(), _CACHED)
