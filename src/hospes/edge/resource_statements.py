"""The statements of tokens that are for certain resources, or say something themselves.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step
from hospes.protocols.oauth import options
from hospes.protocols.oauth.grants.refreshing import Successor

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

# What each application says of itself whose resources tokens may be for.
ORGANIZATION_OPTIONS = """
    SELECT options FROM connect_application WHERE organization_id = ? AND options <> ''"""

ADD_TARGETED = """
    INSERT INTO connect_token
        (token_hash, kind, grant_id, scope, created_at, expires_at, bound_to, resources, salt)
    SELECT CAST(? AS VARCHAR(64)), 'access', CAST(? AS BIGINT), CAST(? AS VARCHAR(500)),
           CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS VARCHAR(60)), CAST(? AS TEXT),
           NULLIF(CAST(? AS VARCHAR(43)), '')"""

ADD_TARGETED_MACHINE_ACCESS = """
    INSERT INTO connect_token
        (token_hash, kind, grant_id, scope, created_at, expires_at, bound_to, resources, salt)
    SELECT CAST(? AS VARCHAR(64)), 'access', g.id, '', CAST(? AS BIGINT), CAST(? AS BIGINT),
           CAST(? AS VARCHAR(60)), CAST(? AS TEXT), NULLIF(CAST(? AS VARCHAR(43)), '')
    FROM connect_grant g JOIN connect_application p ON p.id = g.application_id
    WHERE g.id = ? AND g.revoked_at IS NULL AND p.revision = ?"""

# A token that says something is kept by the hash of all it says, and its name beside it.
NAMED_SUCCESSOR = """
    SELECT scope, expires_at, revoked_at, rotated_at, bound_to, resources
    FROM connect_token WHERE grant_id = ? AND kind = 'access' AND salt = ? ORDER BY id LIMIT 1"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class NewToken:
    """An access token to write down. ``jti`` is ``""`` for one that says nothing itself."""

    token_hash: str
    grant_id: int
    scope: str
    created_at: int
    expires_at: int
    bound_to: str = ""
    resources: str = ""
    jti: str = ""


def registered(connection: Connection, organization: int) -> frozenset[str]:
    """Load the resources that the applications of an organization have named as theirs."""
    return frozenset(
        uri
        for (text,) in connection.rows(ORGANIZATION_OPTIONS, organization)
        for uri in options.read(text).resource_uris
    )


def add(new: NewToken) -> Step:
    """Insert a token that came of a person's grant."""
    values = (new.token_hash, new.grant_id, new.scope, new.created_at, new.expires_at)
    return Step(ADD_TARGETED, (*values, new.bound_to, new.resources, new.jti))


def add_machine(new: NewToken, *, revision: int) -> Step:
    """Insert a machine's token; it touches no row where application or grant has changed."""
    values = (new.token_hash, new.created_at, new.expires_at, new.bound_to, new.resources, new.jti)
    return Step(ADD_TARGETED_MACHINE_ACCESS, (*values, new.grant_id, revision))


def named_successor(connection: Connection, grant_id: int, jti: str) -> Successor | None:
    """Load what a retry needs to know of a token that was issued before, by its name."""
    found = connection.row(NAMED_SUCCESSOR, grant_id, jti)
    return None if found is None else Successor(*found)
