"""The statements of signing devices in (RFC 8628), and the values they give back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step
from hospes.protocols.oauth.grants.device import DeviceView
from hospes.protocols.oauth.id_token import Authentication

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

# Also the proof that the application is as it was when the request was judged. A user code that
# is taken adds no row either: another one is drawn then.
ADD_DEVICE_REQUEST = """
    INSERT INTO connect_device_request
        (device_code_hash, user_code_hash, application_id, scope, interval_seconds, address,
         created_at, expires_at)
    SELECT CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(64)), id, CAST(? AS VARCHAR(500)),
           CAST(? AS SMALLINT), CAST(? AS VARCHAR(45)), CAST(? AS BIGINT), CAST(? AS BIGINT)
    FROM connect_application WHERE id = ? AND revision = ?
    ON CONFLICT DO NOTHING"""

DEVICE_REQUEST = """
    SELECT r.id, r.expires_at, r.used_at, r.polled_at, r.interval_seconds, r.refused_at,
           g.id, g.scope, g.auth_time, g.amr, g.revoked_at, a.state, a.public_id,
           p.client_id, p.revision
    FROM connect_device_request r
    JOIN connect_application p ON p.id = r.application_id
    LEFT JOIN connect_grant g ON g.id = r.grant_id
    LEFT JOIN identity_account a ON a.id = g.account_id
    WHERE r.device_code_hash = ?"""

# The decision saw all of this; it is asked again where it counts, since any of it may have ended.
USE_DEVICE_REQUEST = """
    UPDATE connect_device_request SET used_at = ?
    WHERE id = ? AND used_at IS NULL AND EXISTS (
        SELECT 1 FROM connect_grant g
        JOIN identity_account a ON a.id = g.account_id
        WHERE g.id = connect_device_request.grant_id AND g.revoked_at IS NULL
          AND a.state = 'active')"""

POLLED_DEVICE_REQUEST = """
    UPDATE connect_device_request SET polled_at = ?, interval_seconds = ?
    WHERE id = ? AND used_at IS NULL"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request that was judged; instants in seconds."""

    device_code_hash: str
    user_code_hash: str
    scope: str
    interval: int
    address: str
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A request, and what is needed to issue tokens for it. ``grant_id`` is 0 before a YES."""

    request_id: int
    grant_id: int
    scope: str
    revision: int
    view: DeviceView
    authentication: Authentication
    claims: str = ""
    resources: str = ""


def add(new: NewRequest, *, application: int, revision: int) -> Step:
    """Insert a request; it touches no row where the application has changed or a code is taken."""
    return Step(
        ADD_DEVICE_REQUEST,
        (
            new.device_code_hash,
            new.user_code_hash,
            new.scope,
            new.interval,
            new.address[:45],
            new.created_at,
            new.expires_at,
            application,
            revision,
        ),
    )


def request(connection: Connection, device_code_hash: str) -> DeviceRow | None:
    """Load a request with its grant and its person."""
    found = connection.row(DEVICE_REQUEST, device_code_hash)
    if found is None:
        return None
    (
        request_id, expires_at, used_at, polled_at, interval, refused_at,
        grant_id, scope, auth_time, amr, grant_revoked_at, account_state, subject,
        client_id, revision,
    ) = found  # fmt: skip
    view = DeviceView(
        client_id=client_id,
        expires_at=expires_at,
        used_at=used_at,
        polled_at=polled_at,
        interval=interval,
        refused=refused_at is not None,
        has_grant=grant_id is not None,
        grant_revoked_at=grant_revoked_at,
        account_state=account_state or "",
    )
    proof = Authentication(subject or "", auth_time, tuple((amr or "").split()))
    return DeviceRow(request_id, grant_id or 0, scope or "", revision, view, proof)


def use(request_id: int, *, now: int) -> Step:
    """Mark a request as used; it touches no row where another was first, or the YES has ended."""
    return Step(USE_DEVICE_REQUEST, (now, request_id))


def polled(connection: Connection, request_id: int, *, now: int, interval: int) -> None:
    """Write down that the device asked, and how long it has to wait now."""
    connection.change(POLLED_DEVICE_REQUEST, now, interval, request_id)
