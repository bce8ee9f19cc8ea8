"""The gate of the REST API: whose token it is, whether it holds, and how often it may ask.

What comes past it carries a ``Principal`` in the environment. Rights are not decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import addresses, api_statements
from hospes.edge.api_answers import PONG, Allowance, adding, refused
from hospes.edge.http import PLANE, Response
from hospes.kit import api_tokens
from hospes.kit.api_token_states import ACTIVE_ACCOUNT, State, admits, state
from hospes.kit.principal import ENVIRON, Principal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.edge.api_statements import ApiTokenRow
    from hospes.edge.http import Application, Environ, Headers, StartResponse
    from hospes.edge.services import Services

ROOT = "/api/"
PINGS = frozenset({"/api/ping", "/api/1/ping"})
# Whoever answers there asks for something else, or for nothing.
OPEN = frozenset({
    "/api/docs", "/api/openapi.json", "/api/1/devices/current",
    "/api/tokens/leaked", "/api/1/tokens/leaked",
})  # fmt: skip
OPEN_BELOW = ("/api/2fa/", "/api/docs/")
# A use is written down at most so often.
USE_SECONDS = 60

_SCHEME = "bearer "
_REALM = 'Bearer realm="hospes"'
_UNKNOWN = "The token is not valid."
_ENDED = {
    State.EXPIRED: "The token has expired.",
    State.INACTIVE: "The token was not used for a long time and has been switched off.",
    State.REVOKED: "The token was revoked.",
}


class _Refused(Exception):
    """No token that may be used from here."""

    def __init__(self, status: int, code: str, description: str, *, given: bool = True) -> None:
        self.status = status
        self.code = code
        self.description = description
        # RFC 6750 §3.1: a request that carries no token is told of no error.
        self.challenge = f'{_REALM}, error="invalid_token"' if given else _REALM
        super().__init__(description)


class Gate:
    """Stands before everything below ``/api/``."""

    def __init__(self, fallback: Application, services: Services) -> None:
        self._fallback = fallback
        self._services = services

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or hand on with the token's principal."""
        environ.pop(ENVIRON, None)
        path: str = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "OPTIONS" or path in OPEN or path.startswith(OPEN_BELOW):
            return self._fallback(environ, start_response)
        services = self._services
        services.prepare()
        now = services.clock()
        try:
            row = self._admitted(environ, now)
        except _Refused as why:
            environ[PLANE] = "hot"
            return self._turned_away(environ, why, now).send(environ, start_response)
        allowance = self._allowance("token", str(row.token_id), services.number("api.requests"))
        told = allowance.headers(now)
        if allowance.wait:
            environ[PLANE] = "hot"
            return _too_many(allowance, told).send(environ, start_response)
        self._note_use(row, environ, now)
        if row.organization_id is not None and not row.is_member:
            environ[PLANE] = "hot"
            return _not_a_member(told).send(environ, start_response)
        if path in PINGS and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            environ[PLANE] = "hot"
            return PONG._replace(headers=told + PONG.headers).send(environ, start_response)
        environ[ENVIRON] = Principal(
            row.token_id,
            row.account_id,
            frozenset(row.scope.split()),
            row.organization_id,
            row.product_ids,
        )
        return self._fallback(environ, adding(told, start_response))

    def _admitted(self, environ: Environ, now: int) -> ApiTokenRow:
        """Return the living token of a request that comes from where it may come from."""
        token = _token(environ)
        row = None
        if api_tokens.is_genuine(token):
            with self._services.database.reading() as connection:
                row = api_statements.api_token(connection, api_tokens.hash_of(token))
        if row is None or row.account_state != ACTIVE_ACCOUNT:
            raise _Refused(401, "not_authorized", _UNKNOWN)
        unused_days = self._services.number("api.token_unused_days")
        ended = state(row.times, now=now, unused_days=unused_days)
        if ended is not State.ACTIVE:
            raise _Refused(401, "not_authorized", _ENDED[ended])
        if row.networks and not admits(row.networks, environ.get("REMOTE_ADDR", "")):
            raise _Refused(403, "access_denied", "The token may not be used from this network.")
        return row

    def _allowance(self, policy: str, key: str, limit: int) -> Allowance:
        window = self._services.number("api.requests_window_seconds")
        hit = self._services.hit(f"api.{policy}", key, limit, window)
        return Allowance(
            policy, limit, window, max(0, limit - hit.count), hit.frees_in, hit.retry_after
        )

    def _turned_away(self, environ: Environ, why: _Refused, now: int) -> Response:
        """Refuse; a network that sends nothing but such requests is told to wait."""
        limit = self._services.number("api.refused_per_network")
        network = addresses.network(environ.get("REMOTE_ADDR", ""))
        allowance = self._allowance("network", network, limit)
        told = allowance.headers(now)
        if allowance.wait:
            return _too_many(allowance, told)
        if why.status == 401:  # noqa: PLR2004 - RFC 9110 §15.5.2
            told = (*told, ("WWW-Authenticate", why.challenge))
        return refused(why.status, why.code, why.description, told)

    def _note_use(self, row: ApiTokenRow, environ: Environ, now: int) -> None:
        """Write down a use, at most one a minute."""
        last = row.times.last_used_at
        before = now - USE_SECONDS
        if last is None or last <= before:
            address = environ.get("REMOTE_ADDR", "")
            self._services.database.guarded(
                api_statements.use(row.token_id, now=now, address=address, before=before)
            )


def _token(environ: Environ) -> str:
    """Return the token of the ``Authorization`` header; one in the address is not looked at."""
    header: str = environ.get("HTTP_AUTHORIZATION", "")
    if header[: len(_SCHEME)].lower() != _SCHEME:
        raise _Refused(
            401, "not_authorized", "Send an API token: Authorization: Bearer …", given=False
        )
    return header[len(_SCHEME) :].strip()


def _too_many(allowance: Allowance, told: Headers) -> Response:
    description = (
        f"Too many requests: at most {allowance.limit} in {allowance.window} seconds. "
        f"Try again in {allowance.wait} seconds."
    )
    return refused(429, "too_many_request", description, told)


def _not_a_member(told: Headers) -> Response:
    return refused(
        403,
        "access_denied",
        "The token is limited to an organization that its account no longer belongs to.",
        told,
    )
