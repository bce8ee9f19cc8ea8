"""The statements of pushed authorization requests (RFC 9126).

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

# What the hot plane keeps of an application has no addresses: only those that push need them.
REDIRECT_URIS = """
    SELECT uri FROM connect_redirect_uri
    WHERE application_id = ? AND use = 'sign_in' ORDER BY id"""

# Also the proof that the application is as it was when the request was judged.
ADD_PUSHED_REQUEST = """
    INSERT INTO connect_pushed_request
        (uri_hash, application_id, parameters, bound_to, created_at, expires_at)
    SELECT CAST(? AS VARCHAR(64)), id, CAST(? AS TEXT), CAST(? AS VARCHAR(60)),
           CAST(? AS BIGINT), CAST(? AS BIGINT)
    FROM connect_application WHERE id = ? AND revision = ?"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request that was judged. ``bound_to`` as in ``connect_token``; instants in seconds."""

    uri_hash: str
    parameters: str
    bound_to: str
    created_at: int
    expires_at: int


def redirect_uris(connection: Connection, application: int) -> tuple[str, ...]:
    """Load the addresses that an application may be answered at."""
    return tuple(uri for (uri,) in connection.rows(REDIRECT_URIS, application))


def add(new: NewRequest, *, application: int, revision: int) -> Step:
    """Insert a request; it touches no row where the application has changed."""
    return Step(
        ADD_PUSHED_REQUEST,
        (
            new.uri_hash,
            new.parameters,
            new.bound_to,
            new.created_at,
            new.expires_at,
            application,
            revision,
        ),
    )
