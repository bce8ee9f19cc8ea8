"""The statements about application passwords, and the values they give back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step
from hospes.kit import stand_ins
from hospes.protocols.oauth.inspection import PasswordFacts

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

APPLICATION_SIGN_IN = """
    SELECT w.id, w.created_at, w.last_used_at, w.revoked_at, a.state, a.public_id, a.email,
           (SELECT revision FROM connect_application WHERE id = ?)
    FROM identity_application_password w
    JOIN identity_account a ON a.id = w.account_id
    WHERE w.password_hash = ?"""

# Several at once write one; a password that has just been revoked was not used.
USE_APPLICATION_SIGN_IN = """
    UPDATE identity_application_password
    SET last_used_at = ?,
        last_used_by = COALESCE((SELECT name FROM connect_application WHERE id = ?), '')
    WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?) AND revoked_at IS NULL"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class PasswordRow:
    """An application password. ``asking_revision`` is that of the application that asks."""

    password_id: int
    last_used_at: int | None
    asking_revision: int | None
    facts: PasswordFacts


def application_password(
    connection: Connection, password_hash: str, *, asking: int
) -> PasswordRow | None:
    """Load an application password; ``asking`` is the key of the application that asks."""
    found = connection.row(APPLICATION_SIGN_IN, asking, password_hash)
    if found is None:
        return None
    password_id, created_at, last_used_at, revoked_at, state, subject, email, revision = found
    facts = PasswordFacts(
        subject=subject,
        # A stand-in for an address that vanished is nobody's address, and holds a login.
        username="" if stand_ins.is_one(email) else email,
        issued_at=created_at,
        revoked_at=revoked_at,
        account_state=state,
    )
    return PasswordRow(password_id, last_used_at, revision, facts)


def use(password_id: int, *, application: int, now: int, before: int) -> Step:
    """Note a use by ``application``; it touches no row where one was noted after ``before``."""
    return Step(USE_APPLICATION_SIGN_IN, (now, application, password_id, before))
