"""Every statement of the hot plane, by name, and the values it gives back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hospes.protocols.oauth.bearer import TokenView
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.id_token import Authentication
from hospes.protocols.oauth.scopes import Person
from hospes.protocols.oauth.token import CodeView

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.edge.databases import Connection

CLIENT = """
    SELECT id, client_id, type, pkce_required, id_token_alg
    FROM connect_application WHERE client_id = ?"""

CLIENT_SECRETS = """
    SELECT secret_hash FROM connect_client_secret
    WHERE application_id = ? AND (expires_at IS NULL OR expires_at > ?)"""

CODE = """
    SELECT c.id, c.redirect_uri, c.code_challenge, c.expires_at, c.used_at,
           g.id, g.scope, g.auth_time, g.amr, g.nonce, g.revoked_at,
           p.client_id, a.public_id, a.state
    FROM connect_authorization_code c
    JOIN connect_grant g ON g.id = c.grant_id
    JOIN connect_application p ON p.id = g.application_id
    JOIN identity_account a ON a.id = g.account_id
    WHERE c.code_hash = ?"""

USE_CODE = """
    UPDATE connect_authorization_code SET used_at = ? WHERE id = ? AND used_at IS NULL"""

REVOKE_GRANT = """
    UPDATE connect_grant SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"""

REVOKE_GRANT_TOKENS = """
    UPDATE connect_token SET revoked_at = ? WHERE grant_id = ? AND revoked_at IS NULL"""

ADD_ACCESS = """
    INSERT INTO connect_token (token_hash, kind, grant_id, scope, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?)"""

ACCESS_PERSON = """
    SELECT t.scope, t.expires_at, t.revoked_at, g.revoked_at, a.state,
           a.public_id, a.first_name, a.last_name, a.picture, a.locale, a.timezone,
           a.updated_at, a.email, a.email_verified_at, a.recovery_phone
    FROM connect_token t
    JOIN connect_grant g ON g.id = t.grant_id
    JOIN identity_account a ON a.id = g.account_id
    WHERE t.token_hash = ? AND t.kind = 'access'"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code, and what is needed to issue tokens for it."""

    code_id: int
    grant_id: int
    scope: str
    view: CodeView
    authentication: Authentication


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An access token and the person it speaks for."""

    view: TokenView
    person: Person


def client(connection: Connection, client_id: str, *, now: int) -> ClientView | None:
    """Load an application with the secrets that are valid now; not its addresses."""
    found = connection.row(CLIENT, client_id)
    if found is None:
        return None
    key, public_id, kind, pkce_required, alg = found
    secrets = connection.rows(CLIENT_SECRETS, key, now)
    return ClientView(
        client_id=public_id,
        type=kind,
        pkce_required=bool(pkce_required),
        id_token_alg=alg,
        secret_hashes=tuple(row[0] for row in secrets),
    )


def code(connection: Connection, code_hash: str) -> CodeRow | None:
    """Load an authorization code with its grant."""
    found = connection.row(CODE, code_hash)
    if found is None:
        return None
    (
        code_id, redirect_uri, code_challenge, expires_at, used_at,
        grant_id, scope, auth_time, amr, nonce, grant_revoked_at,
        client_id, subject, account_state,
    ) = found  # fmt: skip
    return CodeRow(
        code_id,
        grant_id,
        scope,
        CodeView(
            client_id=client_id,
            redirect_uri=redirect_uri,
            code_challenge=code_challenge,
            expires_at=expires_at,
            used_at=used_at,
            grant_revoked_at=grant_revoked_at,
            account_state=account_state,
        ),
        Authentication(subject, auth_time, tuple(amr.split()), nonce),
    )


def use_code(connection: Connection, code_id: int, *, now: int) -> bool:
    """Mark a code as used; ``False`` where somebody else was first."""
    return connection.change(USE_CODE, now, code_id) == 1


def revoke_grant(connection: Connection, grant_id: int, *, now: int) -> None:
    """End a grant and every token that came of it."""
    connection.change(REVOKE_GRANT, now, grant_id)
    connection.change(REVOKE_GRANT_TOKENS, now, grant_id)


def add_access_token(
    connection: Connection, token_hash: str, *, grant_id: int, scope: str, now: int, expires_at: int
) -> None:
    """Insert an access token."""
    connection.change(ADD_ACCESS, token_hash, "access", grant_id, scope, now, expires_at)


def access_token(
    connection: Connection, token_hash: str, *, picture_url: Callable[[str], str]
) -> TokenRow | None:
    """Load an access token with its person; ``picture_url`` makes an address of a file name."""
    found = connection.row(ACCESS_PERSON, token_hash)
    if found is None:
        return None
    (
        scope, expires_at, revoked_at, grant_revoked_at, account_state,
        subject, first_name, last_name, picture, locale, timezone,
        updated_at, email, email_verified_at, phone,
    ) = found  # fmt: skip
    person = Person(
        subject=subject,
        name=f"{first_name} {last_name}".strip(),
        given_name=first_name,
        family_name=last_name,
        picture=picture_url(picture) if picture else "",
        locale=locale,
        zoneinfo=timezone,
        updated_at=_seconds(updated_at),
        email=email,
        email_verified=email_verified_at is not None,
        phone_number=phone,
    )
    view = TokenView(scope, expires_at, revoked_at, grant_revoked_at, account_state)
    return TokenRow(view, person)


def _seconds(value: str | datetime) -> int:
    """Return a Django DateTimeField's value as seconds; SQLite keeps it as UTC text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
