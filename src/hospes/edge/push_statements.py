"""The statements of the second step's waiting: the browser's and the phone's, one each.

The tables belong to Django's migrations; a test runs each statement on both databases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

STEP_STATE = """
    SELECT s.finished_at, s.expires_at, c.state, c.expires_at
    FROM identity_sign_in_step s
    LEFT JOIN identity_challenge c
      ON c.id = (SELECT MAX(n.id) FROM identity_challenge n WHERE n.step_id = s.id)
    WHERE s.token_hash = ?"""

# The phone, and each open challenge of its account whose sign-in still waits, in the order of
# asking: the newest sign-in first. Whoever waits at a browser goes before an application, whose
# questions want no number. Ones that have run out may still be called open.
PHONE_CHALLENGES = """
    SELECT m.confirmed_at, m.removed_at, a.state, a.public_id, a.email,
           c.public_id, c.application_name, c.message, c.user_agent, c.place, c.ip,
           c.created_at, c.expires_at, c.nonce, c.number, c.backchannel_id
    FROM identity_authenticator p
    JOIN identity_method m ON m.id = p.method_id
    JOIN identity_account a ON a.id = m.account_id
    LEFT JOIN identity_challenge c
      ON c.account_id = a.id AND c.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM identity_sign_in_step s
        WHERE s.id = c.step_id AND s.finished_at IS NOT NULL)
    WHERE p.token_hash = ?
    ORDER BY CASE WHEN c.step_id IS NULL THEN 1 ELSE 0 END, c.id DESC"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """A sign-in that waits. ``state`` is its newest challenge's, ``""`` where it has none."""

    is_finished: bool
    expires_at: int
    state: str
    challenge_expires_at: int


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """What a phone shows of a challenge; instants are whole seconds since 1970."""

    uuid: str
    application: str
    message: str
    user_agent: str
    place: str
    ip: str
    created_at: int
    expires_at: int
    nonce: str
    number_required: bool
    is_sign_in: bool


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """The phone of a bearer token, and what its account is asked now."""

    is_confirmed: bool
    is_removed: bool
    account_state: str
    account_id: str
    email: str
    challenge: ChallengeRow | None


def step_state(connection: Connection, token_hash: str) -> StepRow | None:
    """Load the sign-in that a browser's cookie names."""
    found = connection.row(STEP_STATE, token_hash)
    if found is None:
        return None
    finished_at, expires_at, state, challenge_expires_at = found
    return StepRow(
        is_finished=finished_at is not None,
        expires_at=_seconds(expires_at),
        state=state or "",
        challenge_expires_at=_seconds(challenge_expires_at) if state else 0,
    )


def phone_challenge(connection: Connection, token_hash: str, *, now: int) -> PhoneRow | None:
    """Load a phone with the first challenge it may answer now."""
    rows = connection.rows(PHONE_CHALLENGES, token_hash)
    if not rows:
        return None
    confirmed_at, removed_at, account_state, account_id, email, *_ = rows[0]
    asked = (_challenge(*found[5:]) for found in rows if found[5] is not None)
    return PhoneRow(
        is_confirmed=confirmed_at is not None,
        is_removed=removed_at is not None,
        account_state=account_state,
        account_id=account_id,
        email=email,
        challenge=next((each for each in asked if each.expires_at > now), None),
    )


def _challenge(*found: Any) -> ChallengeRow:
    (
        uuid, application, message, user_agent, place, ip, created_at, expires_at, nonce, number,
        backchannel_id,
    ) = found  # fmt: skip
    return ChallengeRow(
        uuid=uuid,
        application=application,
        message=message,
        user_agent=user_agent,
        place=place,
        ip=ip,
        created_at=_seconds(created_at),
        expires_at=_seconds(expires_at),
        nonce=nonce,
        number_required=bool(number),
        is_sign_in=not backchannel_id,
    )


def _seconds(value: str | datetime) -> int:
    """Return a Django DateTimeField's value as seconds; SQLite keeps it as UTC text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
