"""How long a sign-in lasts, and when the password is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

# last_seen_at is written at most this often.
SEEN_EVERY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """``idle`` counts from the last request, ``absolute`` from the sign-in."""

    idle: timedelta
    absolute: timedelta

    def seen_after(self, now: datetime) -> datetime:
        """Return the instant after which a living session was last seen."""
        return now - self.idle

    def begun_after(self, now: datetime) -> datetime:
        """Return the instant after which a living session began."""
        return now - self.absolute


def is_live(*, created_at: datetime, last_seen_at: datetime, now: datetime, by: Lifetimes) -> bool:
    """Return whether a session that nobody ended still counts."""
    return last_seen_at > by.seen_after(now) and created_at > by.begun_after(now)


def is_recent(authenticated_at: datetime, now: datetime, window: timedelta) -> bool:
    """Return whether the person proved who they are within ``window`` ("sudo")."""
    return now - authenticated_at < window
