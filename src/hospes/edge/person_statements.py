"""The statements about the person behind a token or a grant, and the values they give back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hospes.kit import stand_ins
from hospes.protocols.oauth.bearer import TokenView
from hospes.protocols.oauth.scopes import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hospes.edge.connections import Connection

ACCESS_PERSON = """
    SELECT t.scope, t.bound_to, t.resources, t.actors, t.expires_at, t.revoked_at, g.revoked_at,
           a.state, CASE WHEN t.scope = g.scope THEN g.claims ELSE '' END,
           g.id, a.public_id, a.first_name, a.last_name, a.picture, a.locale, a.timezone,
           a.updated_at, a.email, a.email_verified_at, a.recovery_phone,
           (SELECT p.options FROM connect_application p
            WHERE p.id = g.application_id AND p.options LIKE '%"userinfo_signed_response_alg"%')
    FROM connect_token t
    JOIN connect_grant g ON g.id = t.grant_id
    JOIN identity_account a ON a.id = g.account_id
    WHERE t.token_hash = ? AND t.kind = 'access'"""

# Asked for only where a token is bound to a key: its profile says what a proof has to hold.
GRANT_CLIENT = """
    SELECT p.client_id FROM connect_grant g
    JOIN connect_application p ON p.id = g.application_id WHERE g.id = ?"""

# Asked for only where the ``claims`` parameter put claims about the person into the ID token.
GRANT_PERSON = """
    SELECT a.public_id, a.first_name, a.last_name, a.picture, a.locale, a.timezone,
           a.updated_at, a.email, a.email_verified_at, a.recovery_phone
    FROM connect_grant g JOIN identity_account a ON a.id = g.account_id
    WHERE g.id = ?"""

# Asked for only where ``groups`` is told. Who has left the organization is in none of its teams.
GRANT_GROUPS = """
    SELECT t.name FROM connect_grant g
    JOIN organizations_membership m
      ON m.organization_id = g.organization_id AND m.account_id = g.account_id
    JOIN organizations_team_member p ON p.membership_id = m.id
    JOIN organizations_team t ON t.id = p.team_id AND t.organization_id = g.organization_id
    WHERE g.id = ?"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An access token and the person it speaks for.

    ``claims`` is what was asked for by ``claims``; a token narrowed at a refresh has lost it.
    ``options`` are those of its application where it wants the answer signed, None elsewhere.
    """

    grant_id: int
    view: TokenView
    person: Person
    claims: str
    options: str | None = field(default=None, kw_only=True)
    actors: str = ""


def access_token(
    connection: Connection, token_hash: str, *, picture_url: Callable[[str], str]
) -> TokenRow | None:
    """Load an access token with its person; ``picture_url`` makes an address of a file name."""
    found = connection.row(ACCESS_PERSON, token_hash)
    if found is None:
        return None
    (
        scope, bound_to, resources, actors, expires_at, revoked_at, grant_revoked_at,
        account_state, claims, grant, *about, options,
    ) = found  # fmt: skip
    view = TokenView(
        scope,
        expires_at,
        revoked_at,
        grant_revoked_at,
        account_state,
        bound_to=bound_to,
        resources=resources,
    )
    return TokenRow(grant, view, _person(about, picture_url), claims, actors, options=options)


def grant_person(
    connection: Connection, grant_id: int, *, picture_url: Callable[[str], str]
) -> Person | None:
    """Load the person of a grant."""
    found = connection.row(GRANT_PERSON, grant_id)
    return None if found is None else _person(found, picture_url)


def grant_groups(connection: Connection, grant_id: int) -> tuple[str, ...]:
    """Load the names of the teams that the person of a grant is in, in the grant's organization."""
    return tuple(sorted(name for (name,) in connection.rows(GRANT_GROUPS, grant_id)))


def grant_client(connection: Connection, grant_id: int) -> str:
    """Load the Client ID of a grant's application, "" where it is gone."""
    found = connection.row(GRANT_CLIENT, grant_id)
    return found[0] if found else ""


def _person(about: Sequence[Any], picture_url: Callable[[str], str]) -> Person:
    (
        subject, first_name, last_name, picture, locale, timezone,
        updated_at, email, email_verified_at, phone,
    ) = about  # fmt: skip
    return Person(
        subject=subject,
        name=f"{first_name} {last_name}".strip(),
        given_name=first_name,
        family_name=last_name,
        picture=picture_url(picture) if picture else "",
        locale=locale,
        zoneinfo=timezone,
        updated_at=_seconds(updated_at),
        # A stand-in for an address that vanished is nobody's address, and holds a login.
        email="" if stand_ins.is_one(email) else email,
        email_verified=email_verified_at is not None,
        phone_number=phone,
    )


def _seconds(value: str | datetime) -> int:
    """Return a Django DateTimeField's value as seconds; SQLite keeps it as UTC text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
