"""The statement about the sign-in session behind a grant.

The tables belong to Django's migrations; a test runs each statement on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

# Asked for only where the application is told of sign-outs.
GRANT_SESSION = """
    SELECT s.public_id FROM connect_grant g JOIN identity_session s ON s.id = g.session_id
    WHERE g.id = ? AND s.ended_at IS NULL"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


def grant_session(connection: Connection, grant_id: int) -> str:
    """Return our name of the living session that a grant was given in, ``""`` for none."""
    found = connection.row(GRANT_SESSION, grant_id)
    return found[0] if found else ""
