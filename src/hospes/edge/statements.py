"""Every statement of the hot plane, by name, and the values it gives back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step
from hospes.kit import stand_ins
from hospes.protocols.oauth import issuing
from hospes.protocols.oauth.bearer import TokenView
from hospes.protocols.oauth.grants.codes import CodeView
from hospes.protocols.oauth.grants.refreshing import RefreshView, Successor
from hospes.protocols.oauth.id_token import Authentication
from hospes.protocols.oauth.inspection import TokenFacts

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

CLIENT = """
    SELECT id, client_id, type, pkce_required, id_token_alg, organization_id, revision,
           backchannel_mode, accepts_application_passwords, options
    FROM connect_application WHERE client_id = ?"""

CLIENT_SECRETS = """
    SELECT secret_hash, expires_at FROM connect_client_secret
    WHERE application_id = ? AND (expires_at IS NULL OR expires_at > ?)"""

REPLACED_HINT = """
    SELECT hint FROM connect_client_secret
    WHERE application_id = ? AND secret_hash = ? AND expires_at <= ?"""

CODE = """
    SELECT c.id, c.redirect_uri, c.code_challenge, c.bound_to, c.expires_at, c.used_at,
           g.id, g.scope, g.resources, g.auth_time, g.amr, g.nonce, g.claims, g.revoked_at,
           p.client_id, p.revision, a.public_id, a.state
    FROM connect_authorization_code c
    JOIN connect_grant g ON g.id = c.grant_id
    JOIN connect_application p ON p.id = g.application_id
    JOIN identity_account a ON a.id = g.account_id
    WHERE c.code_hash = ?"""

USE_CODE = """
    UPDATE connect_authorization_code SET used_at = ? WHERE id = ? AND used_at IS NULL"""

REFRESH = """
    SELECT t.id, t.scope, t.bound_to, t.expires_at, t.revoked_at, t.rotated_at, t.salt,
           g.id, g.resources, g.auth_time, g.amr, g.claims, g.revoked_at,
           p.client_id, p.revision, a.public_id, a.state
    FROM connect_token t
    JOIN connect_grant g ON g.id = t.grant_id
    JOIN connect_application p ON p.id = g.application_id
    JOIN identity_account a ON a.id = g.account_id
    WHERE t.token_hash = ? AND t.kind = 'refresh'"""

ROTATE = """
    UPDATE connect_token SET rotated_at = ?, salt = ?
    WHERE id = ? AND rotated_at IS NULL AND revoked_at IS NULL"""

SUCCESSOR = """
    SELECT scope, expires_at, revoked_at, rotated_at, bound_to, resources
    FROM connect_token WHERE token_hash = ? AND kind = ?"""

REVOKE_GRANT = """
    UPDATE connect_grant SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"""

REVOKE_GRANT_TOKENS = """
    UPDATE connect_token SET revoked_at = ? WHERE grant_id = ? AND revoked_at IS NULL"""

REVOKE_ONE = """
    UPDATE connect_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"""

ADD_ISSUED = """
    INSERT INTO connect_token (token_hash, kind, grant_id, scope, created_at, expires_at)
    SELECT CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(7)), CAST(? AS BIGINT),
           CAST(? AS VARCHAR(500)), CAST(? AS BIGINT), CAST(? AS BIGINT)"""

# Few tokens are bound to a key; all others leave the column as it is.
ADD_BOUND = """
    INSERT INTO connect_token (token_hash, kind, grant_id, scope, created_at, expires_at, bound_to)
    SELECT CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(7)), CAST(? AS BIGINT),
           CAST(? AS VARCHAR(500)), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS VARCHAR(60))"""

MACHINE_GRANT = """
    SELECT id FROM connect_grant
    WHERE application_id = ? AND account_id IS NULL AND revoked_at IS NULL ORDER BY id LIMIT 1"""

ADD_MACHINE_GRANT = """
    INSERT INTO connect_grant (application_id, scope, amr, nonce, claims, created_at)
    SELECT id, '', '', '', '', CAST(? AS BIGINT) FROM connect_application WHERE id = ?"""

# Also the proof that what was kept in memory of the application still holds.
ADD_MACHINE_ACCESS = """
    INSERT INTO connect_token (token_hash, kind, grant_id, scope, created_at, expires_at)
    SELECT CAST(? AS VARCHAR(64)), 'access', g.id, '', CAST(? AS BIGINT), CAST(? AS BIGINT)
    FROM connect_grant g JOIN connect_application p ON p.id = g.application_id
    WHERE g.id = ? AND g.revoked_at IS NULL AND p.revision = ?"""

ADD_BOUND_MACHINE_ACCESS = """
    INSERT INTO connect_token (token_hash, kind, grant_id, scope, created_at, expires_at, bound_to)
    SELECT CAST(? AS VARCHAR(64)), 'access', g.id, '', CAST(? AS BIGINT), CAST(? AS BIGINT),
           CAST(? AS VARCHAR(60))
    FROM connect_grant g JOIN connect_application p ON p.id = g.application_id
    WHERE g.id = ? AND g.revoked_at IS NULL AND p.revision = ?"""

FACTS = """
    SELECT t.id, t.grant_id, g.application_id, t.kind, p.client_id, p.organization_id,
           t.scope, t.bound_to, t.resources, t.actors, t.created_at,
           t.expires_at, t.revoked_at, t.rotated_at, g.revoked_at, a.state, a.public_id,
           g.auth_time, g.amr, CASE WHEN a.email_verified_at IS NULL THEN '' ELSE a.email END,
           (SELECT revision FROM connect_application WHERE id = ?)
    FROM connect_token t
    JOIN connect_grant g ON g.id = t.grant_id
    JOIN connect_application p ON p.id = g.application_id
    LEFT JOIN identity_account a ON a.id = g.account_id
    WHERE t.token_hash = ?"""

ADD_EVENT = """
    INSERT INTO connect_application_event
        (application_id, at, kind, account_id, address, detail)
    VALUES (?, ?, ?, (SELECT account_id FROM connect_grant WHERE id = ?), ?, ?)"""

REVISION = "SELECT revision FROM connect_application WHERE id = ?"

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
    revision: int
    view: CodeView
    authentication: Authentication
    claims: str
    resources: str = ""


@dataclass(frozen=True, slots=True)
class RefreshRow:
    """A refresh token, and what is needed to issue its successors."""

    token_id: int
    grant_id: int
    revision: int
    view: RefreshView
    authentication: Authentication
    claims: str
    resources: str = ""


@dataclass(frozen=True, slots=True)
class FactsRow:
    """A token of any kind. ``asking_revision`` is that of the application that asks."""

    token_id: int
    grant_id: int
    application: int
    asking_revision: int | None
    facts: TokenFacts


def code(connection: Connection, code_hash: str) -> CodeRow | None:
    """Load an authorization code with its grant."""
    found = connection.row(CODE, code_hash)
    if found is None:
        return None
    (
        code_id, redirect_uri, code_challenge, bound_to, expires_at, used_at,
        grant_id, scope, resources, auth_time, amr, nonce, claims, grant_revoked_at,
        client_id, revision, subject, account_state,
    ) = found  # fmt: skip
    view = CodeView(
        client_id=client_id,
        redirect_uri=redirect_uri,
        code_challenge=code_challenge,
        expires_at=expires_at,
        used_at=used_at,
        grant_revoked_at=grant_revoked_at,
        account_state=account_state,
        bound_to=bound_to,
    )
    proof = Authentication(subject, auth_time, tuple(amr.split()), nonce)
    return CodeRow(code_id, grant_id, scope, revision, view, proof, claims, resources)


def use_code(code_id: int, *, now: int) -> Step:
    """Mark a code as used; it touches no row where somebody else was first."""
    return Step(USE_CODE, (now, code_id))


def refresh(connection: Connection, token_hash: str) -> RefreshRow | None:
    """Load a refresh token with its grant."""
    found = connection.row(REFRESH, token_hash)
    if found is None:
        return None
    (
        token_id, scope, bound_to, expires_at, revoked_at, rotated_at, salt,
        grant_id, resources, auth_time, amr, claims, grant_revoked_at,
        client_id, revision, subject, account_state,
    ) = found  # fmt: skip
    view = RefreshView(
        client_id=client_id,
        scope=scope,
        expires_at=expires_at,
        revoked_at=revoked_at,
        rotated_at=rotated_at,
        grant_revoked_at=grant_revoked_at,
        account_state=account_state,
        salt=salt or "",
        bound_to=bound_to,
    )
    # No nonce: it belongs to the first ID token (OpenID Connect Core §12.2).
    proof = Authentication(subject, auth_time, tuple(amr.split()))
    return RefreshRow(token_id, grant_id, revision, view, proof, claims, resources)


def rotate(token_id: int, salt: str, *, now: int) -> Step:
    """Mark a refresh token as exchanged; it touches no row where somebody else was first."""
    return Step(ROTATE, (now, salt, token_id))


def successor(connection: Connection, token_hash: str, kind: str) -> Successor | None:
    """Load what a retry needs to know of a token that was issued before."""
    found = connection.row(SUCCESSOR, token_hash, kind)
    return None if found is None else Successor(*found)


def revoke_grant(connection: Connection, grant_id: int, *, now: int) -> bool:
    """End a grant and every token that came of it; ``False`` where it had ended before."""
    ended = connection.change(REVOKE_GRANT, now, grant_id)
    connection.change(REVOKE_GRANT_TOKENS, now, grant_id)
    return ended == 1


def revoke_token(connection: Connection, token_id: int, *, now: int) -> bool:
    """End one token; ``False`` where it had ended before."""
    return connection.change(REVOKE_ONE, now, token_id) == 1


def add_event(
    connection: Connection,
    kind: str,
    *,
    application: int,
    grant: int | None,
    address: str,
    detail: dict[str, str],
    now: int,
) -> None:
    """Write a line into the log of an application's owner; the person is the grant's."""
    text = json.dumps(detail, ensure_ascii=False)
    connection.change(ADD_EVENT, application, now, kind, grant or 0, address[:45], text)


def add_token(
    token_hash: str,
    kind: str,
    *,
    grant_id: int,
    scope: str,
    now: int,
    expires_at: int,
    bound_to: str = "",
) -> Step:
    """Insert a token of ``kind`` access or refresh."""
    values = (token_hash, kind, grant_id, scope, now, expires_at)
    return Step(ADD_BOUND, (*values, bound_to)) if bound_to else Step(ADD_ISSUED, values)


def machine_grant(connection: Connection, application: int) -> int | None:
    """Return the standing grant of an application that acts for itself."""
    found = connection.row(MACHINE_GRANT, application)
    return found[0] if found else None


def add_machine_token(
    token_hash: str,
    *,
    grant_id: int,
    revision: int,
    now: int,
    expires_at: int,
    bound_to: str = "",
) -> Step:
    """Insert a machine's token; it touches no row where application or grant has changed."""
    if bound_to:
        return Step(
            ADD_BOUND_MACHINE_ACCESS,
            (token_hash, now, expires_at, bound_to, grant_id, revision),
        )
    return Step(ADD_MACHINE_ACCESS, (token_hash, now, expires_at, grant_id, revision))


def revision(connection: Connection, application: int) -> int | None:
    """Return how often an application has changed, ``None`` where it is gone."""
    found = connection.row(REVISION, application)
    return found[0] if found else None


def token_facts(connection: Connection, token_hash: str, *, asking: int) -> FactsRow | None:
    """Load a token of any kind; ``asking`` is the key of the application that asks."""
    found = connection.row(FACTS, asking, token_hash)
    if found is None:
        return None
    (
        token_id, grant_id, application, kind, client_id, organization, scope, bound_to, resources,
        actors, created_at, expires_at, revoked_at, rotated_at, grant_revoked_at, state, subject,
        auth_time, amr, email, revision,
    ) = found  # fmt: skip
    facts = TokenFacts(
        kind=kind,
        actors=tuple(actors.split()),
        client_id=client_id,
        organization=organization,
        issued_at=created_at,
        # Without an account the application itself is the subject.
        subject=subject or "",
        view=TokenView(
            scope,
            expires_at,
            revoked_at,
            grant_revoked_at,
            state or issuing.ACTIVE_ACCOUNT,
            rotated_at,
            bound_to,
            resources,
        ),
        proof=Authentication(subject or "", auth_time, tuple(amr.split())),
        # A stand-in for an address that vanished is nobody's address.
        username="" if not email or stand_ins.is_one(email) else email,
    )
    return FactsRow(token_id, grant_id, application, revision, facts)
