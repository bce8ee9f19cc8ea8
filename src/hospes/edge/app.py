"""The hot plane: a plain callable that answers what programs ask, in front of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import (
    api_gate,
    backchannel,
    device,
    introspect,
    metadata,
    phones,
    pushed,
    revoke,
    token,
    userinfo,
)
from hospes.edge.http import PLANE
from hospes.edge.requests import HotRequest, dispatch
from hospes.protocols.oauth.discovery import PATHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hospes.edge.http import Application, Environ, Response, StartResponse
    from hospes.edge.services import Services

    Endpoint = Callable[[HotRequest, Services], Response]

DISCOVERY = "/.well-known/openid-configuration"
# RFC 8414 §3: the same document under OAuth's own name.
DISCOVERY_OAUTH = "/.well-known/oauth-authorization-server"

ENDPOINTS: Mapping[str, Mapping[str, Endpoint]] = {
    PATHS["token_endpoint"]: {"POST": token.answer, "DELETE": revoke.give_back},
    PATHS["introspection_endpoint"]: {"POST": introspect.answer},
    PATHS["revocation_endpoint"]: {"POST": revoke.answer},
    PATHS["backchannel_authentication_endpoint"]: {"POST": backchannel.answer},
    PATHS["pushed_authorization_request_endpoint"]: {"POST": pushed.answer},
    PATHS["device_authorization_endpoint"]: {"POST": device.answer},
    PATHS["userinfo_endpoint"]: {"GET": userinfo.answer, "POST": userinfo.answer},
    PATHS["jwks_uri"]: {"GET": metadata.jwks},
    DISCOVERY: {"GET": metadata.document},
    DISCOVERY_OAUTH: {"GET": metadata.document},
    phones.STATE: {"GET": phones.state},
    phones.CHALLENGES: {"GET": phones.challenges},
}


class HotPlane:
    """Answers the addresses above and hands everything else on."""

    def __init__(self, fallback: Application, services: Services) -> None:
        self._fallback = fallback
        self._gate = api_gate.Gate(fallback, services)
        self._services = services
        self._bound = {
            path: {
                name: lambda request, endpoint=endpoint: endpoint(request, services)
                for name, endpoint in methods.items()
            }
            for path, methods in ENDPOINTS.items()
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        methods = self._bound.get(path)
        if methods is None:
            behind = self._gate if path.startswith(api_gate.ROOT) else self._fallback
            return behind(environ, start_response)
        environ[PLANE] = "hot"
        self._services.prepare()
        return dispatch(HotRequest(environ), methods).send(environ, start_response)
