"""A request to the hot plane, and the rules all its endpoints share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.http import CERTIFICATE, Headers, Response, json_response
from hospes.protocols.oauth import certificates
from hospes.protocols.oauth.errors import NO_STORE, ErrorAnswer, OAuthError
from hospes.protocols.oauth.parameters import (
    Parameters,
    UnreadableError,
    from_body,
    from_urlencoded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hospes.edge.http import Environ

NO_PARAMETERS = Parameters({})
BODY_LIMIT = 64 * 1024
# Readable from any origin's scripts; no cookie takes part.
CORS: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "WWW-Authenticate, DPoP-Nonce"),
)
PREFLIGHT_SECONDS = 7200


@dataclass(frozen=True, slots=True)
class HotRequest:
    """A WSGI environment, read on demand."""

    environ: Environ

    @property
    def method(self) -> str:
        """Return the method, upper case."""
        return str(self.environ.get("REQUEST_METHOD", ""))

    @property
    def path(self) -> str:
        """Return the path of the address."""
        return str(self.environ.get("PATH_INFO", ""))

    @property
    def authorization(self) -> str:
        """Return the ``Authorization`` header, ``""`` where there is none."""
        return str(self.environ.get("HTTP_AUTHORIZATION", "")).strip()

    @property
    def address(self) -> str:
        """Return the visitor's address, as the guard found it."""
        return str(self.environ.get("REMOTE_ADDR", ""))

    @property
    def user_agent(self) -> str:
        """Return the ``User-Agent`` header, ``""`` where there is none."""
        return str(self.environ.get("HTTP_USER_AGENT", ""))

    @property
    def dpop(self) -> str:
        """Return the proof in the ``DPoP`` header, ``""`` where there is none."""
        return str(self.environ.get("HTTP_DPOP", "")).strip()

    @property
    def certificate(self) -> bytes:
        """Return the connection's certificate as a trusted proxy told it, ``b""`` for none."""
        told = self.environ.get(CERTIFICATE)
        return certificates.der_of(str(told)) if told else b""

    @property
    def certificate_thumbprint(self) -> str:
        """Return its ``x5t#S256``, ``""`` where there is none."""
        return certificates.thumbprint(self.certificate)

    @property
    def content_type(self) -> str:
        """Return the ``Content-Type`` header, ``""`` where there is none."""
        return str(self.environ.get("CONTENT_TYPE") or "")

    def query(self) -> Parameters:
        """Return the query's parameters.

        Raises:
            OAuthError: ``invalid_request`` where it cannot be read.

        """
        if not self.environ.get("QUERY_STRING"):
            return NO_PARAMETERS
        text = str(self.environ["QUERY_STRING"]).encode("latin-1", "replace")
        try:
            return from_urlencoded(text.decode("utf-8"))
        except (UnreadableError, UnicodeDecodeError):
            raise OAuthError("invalid_request", "The query cannot be read.") from None

    def form(self) -> Parameters:
        """Return the body's parameters.

        Raises:
            OAuthError: ``invalid_request`` where the body is too large or cannot be read.

        """
        length = int(self.environ.get("CONTENT_LENGTH") or 0)
        if length > BODY_LIMIT:
            raise OAuthError("invalid_request", "The body is too large.")
        body = self.environ["wsgi.input"].read(length) if length else b""
        try:
            return from_body(self.content_type, body)
        except UnreadableError as error:
            raise OAuthError("invalid_request", f"The body cannot be read: {error}.") from None


def refusal(answer: ErrorAnswer) -> Response:
    """Return a protocol error as a response."""
    return json_response(answer.status, answer.body, answer.headers)


def dispatch(
    request: HotRequest, methods: Mapping[str, Callable[[HotRequest], Response]]
) -> Response:
    """Answer by the request's method; ``OPTIONS`` and ``HEAD`` come of themselves."""
    method = request.method
    endpoint = methods.get("GET" if method == "HEAD" else method)
    if endpoint is not None:
        return _with_cors(endpoint(request))
    allowed = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
    if method == "OPTIONS":
        return _with_cors(_options(allowed))
    return _with_cors(
        json_response(
            405,
            {"error": "invalid_request", "error_description": "The method is not allowed."},
            (("Allow", ", ".join(allowed)), *NO_STORE),
        )
    )


def _options(allowed: list[str]) -> Response:
    methods = ", ".join(allowed)
    return Response(
        204,
        headers=(
            ("Allow", methods),
            ("Access-Control-Allow-Methods", methods),
            ("Access-Control-Allow-Headers", "Authorization, Content-Type, DPoP"),
            ("Access-Control-Max-Age", str(PREFLIGHT_SECONDS)),
        ),
    )


def _with_cors(response: Response) -> Response:
    return Response(
        response.status, response.body, response.content_type, (*response.headers, *CORS)
    )
