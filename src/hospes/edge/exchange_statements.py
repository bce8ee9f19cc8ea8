"""The statements of token exchange (RFC 8693), and the values they give back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge.connections import Step

if TYPE_CHECKING:
    from hospes.edge.connections import Connection
    from hospes.edge.resource_statements import NewToken

# The token hangs on the grant of the one it came of, and ends with it. What the decision saw is
# asked again where it counts.
ADD_EXCHANGED = """
    INSERT INTO connect_token
        (token_hash, kind, grant_id, scope, created_at, expires_at, bound_to, resources, salt,
         actors)
    SELECT CAST(? AS VARCHAR(64)), 'access', t.grant_id, CAST(? AS VARCHAR(500)),
           CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS VARCHAR(60)), CAST(? AS TEXT),
           NULLIF(CAST(? AS VARCHAR(43)), ''), CAST(? AS TEXT)
    FROM connect_token t
    JOIN connect_grant g ON g.id = t.grant_id
    JOIN connect_application p ON p.id = ?
    LEFT JOIN identity_account a ON a.id = g.account_id
    WHERE t.id = ? AND t.revoked_at IS NULL AND g.revoked_at IS NULL AND p.revision = ?
      AND (a.id IS NULL OR a.state = 'active')"""

# Asked for only of exchanged tokens: the grant is another application's.
HOLDER = "SELECT 1 FROM connect_application WHERE client_id = ?"

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


def add(
    new: NewToken, *, actors: tuple[str, ...], subject: int, application: int, revision: int
) -> Step:
    """Insert a token; ``subject`` is the key of the one it came of.

    It touches no row where that has ended or the application has changed.
    """
    values = (new.token_hash, new.scope, new.created_at, new.expires_at, new.bound_to)
    more = (new.resources, new.jti, " ".join(actors), application, subject, revision)
    return Step(ADD_EXCHANGED, (*values, *more))


def holder_is_there(connection: Connection, actors: str) -> bool:
    """Return whether the application that holds a token is still registered."""
    return not actors or connection.row(HOLDER, actors.split(" ", maxsplit=1)[0]) is not None
