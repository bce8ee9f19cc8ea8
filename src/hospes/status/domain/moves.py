"""How far a status event is, and where it may go from there."""

from __future__ import annotations

from typing import Final

INCIDENT: Final = "incident"
MAINTENANCE: Final = "maintenance"
KINDS: Final = (INCIDENT, MAINTENANCE)

PLANNED: Final = "planned"
ONGOING: Final = "ongoing"
MONITORED: Final = "monitored"
RESOLVED: Final = "resolved"
CANCELLED: Final = "cancelled"
STATUSES: Final = (PLANNED, ONGOING, MONITORED, RESOLVED, CANCELLED)

# Something is the matter now.
GOING_ON: Final = frozenset({ONGOING, MONITORED})
# Nothing is expected any more.
OVER: Final = frozenset({RESOLVED, CANCELLED})

# What an event may be published as. An incident may be told of when it is over.
BEGINNINGS: Final[dict[str, tuple[str, ...]]] = {
    INCIDENT: (ONGOING, RESOLVED),
    MAINTENANCE: (PLANNED, ONGOING),
}
_MOVES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    INCIDENT: {
        ONGOING: (MONITORED, RESOLVED, CANCELLED),
        MONITORED: (ONGOING, RESOLVED),
        # It came back, or was no false alarm.
        RESOLVED: (ONGOING,),
        CANCELLED: (ONGOING,),
    },
    MAINTENANCE: {
        PLANNED: (ONGOING, CANCELLED),
        ONGOING: (MONITORED, RESOLVED, CANCELLED),
        MONITORED: (ONGOING, RESOLVED),
        RESOLVED: (ONGOING,),
        CANCELLED: (PLANNED,),
    },
}


def moves(kind: str, status: str) -> tuple[str, ...]:
    """Return the statuses that an event of ``kind`` may go to from ``status``."""
    return _MOVES.get(kind, {}).get(status, ())


def may_move(kind: str, status: str, to: str) -> bool:
    """Return whether an event of ``kind`` may go from ``status`` to ``to``."""
    return to in moves(kind, status)
