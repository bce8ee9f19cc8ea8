"""The statements of fetching tokens for a YES on a phone (CIBA), and the values they give back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step
from hospes.protocols.oauth.grants.phone import RequestView
from hospes.protocols.oauth.id_token import Authentication

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

BACKCHANNEL_REQUEST = """
    SELECT r.id, r.expires_at, r.used_at, r.polled_at, r.interval_seconds,
           c.state, m.removed_at, a.state, a.public_id,
           g.id, g.scope, g.auth_time, g.amr, g.revoked_at,
           p.client_id, p.revision
    FROM connect_backchannel_request r
    JOIN connect_application p ON p.id = r.application_id
    JOIN identity_account a ON a.id = r.account_id
    LEFT JOIN identity_challenge c ON c.backchannel_id = r.public_id
    LEFT JOIN identity_authenticator d ON d.id = c.answered_by_id
    LEFT JOIN identity_method m ON m.id = d.method_id
    LEFT JOIN connect_grant g ON g.id = r.grant_id
    WHERE r.auth_req_hash = ?"""

# The decision saw all of this; it is asked again where it counts, since any of it may have ended.
USE_BACKCHANNEL_REQUEST = """
    UPDATE connect_backchannel_request SET used_at = ?
    WHERE id = ? AND used_at IS NULL AND EXISTS (
        SELECT 1 FROM connect_grant g
        JOIN identity_account a ON a.id = g.account_id
        JOIN identity_challenge c ON c.backchannel_id = connect_backchannel_request.public_id
        JOIN identity_authenticator d ON d.id = c.answered_by_id
        JOIN identity_method m ON m.id = d.method_id
        WHERE g.id = connect_backchannel_request.grant_id AND g.revoked_at IS NULL
          AND a.state = 'active' AND c.state = 'approved' AND m.removed_at IS NULL)"""

POLLED_BACKCHANNEL_REQUEST = """
    UPDATE connect_backchannel_request SET polled_at = ?, interval_seconds = ?
    WHERE id = ? AND used_at IS NULL"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class BackchannelRow:
    """A request, and what is needed to issue tokens for it. ``grant_id`` is 0 before a YES."""

    request_id: int
    grant_id: int
    scope: str
    revision: int
    view: RequestView
    authentication: Authentication
    claims: str = ""
    resources: str = ""


def request(connection: Connection, auth_req_hash: str) -> BackchannelRow | None:
    """Load a request with its question, its person and its grant."""
    found = connection.row(BACKCHANNEL_REQUEST, auth_req_hash)
    if found is None:
        return None
    (
        request_id, expires_at, used_at, polled_at, interval,
        challenge, phone_removed_at, account_state, subject,
        grant_id, scope, auth_time, amr, grant_revoked_at,
        client_id, revision,
    ) = found  # fmt: skip
    view = RequestView(
        client_id=client_id,
        expires_at=expires_at,
        used_at=used_at,
        polled_at=polled_at,
        interval=interval,
        challenge=challenge or "",
        has_grant=grant_id is not None,
        grant_revoked_at=grant_revoked_at,
        account_state=account_state,
        phone_removed=phone_removed_at is not None,
    )
    proof = Authentication(subject, auth_time, tuple((amr or "").split()))
    return BackchannelRow(request_id, grant_id or 0, scope or "", revision, view, proof)


def use(request_id: int, *, now: int) -> Step:
    """Mark a request as used; it touches no row where another was first, or the YES has ended."""
    return Step(USE_BACKCHANNEL_REQUEST, (now, request_id))


def polled(connection: Connection, request_id: int, *, now: int, interval: int) -> None:
    """Write down that the application asked, and how long it has to wait now."""
    connection.change(POLLED_BACKCHANNEL_REQUEST, now, interval, request_id)
