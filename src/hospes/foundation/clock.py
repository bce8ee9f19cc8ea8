"""The one clock. Business rules get the time as an argument; services ask here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """Return the present time, aware, in UTC, shifted where tests or the demo moved the clock."""
    return datetime.now(UTC) + _offset


def timestamp() -> int:
    """Return the present time in whole seconds since 1970-01-01 UTC."""
    return int(now().timestamp())


def offset() -> timedelta:
    """Return how far the clock has been moved."""
    return _offset


def move_to_offset(value: timedelta) -> None:
    """Set how far ``now`` runs ahead of the machine's clock (tests and the demo only)."""
    global _offset  # noqa: PLW0603 - the clock is the one process-wide value
    _offset = value
