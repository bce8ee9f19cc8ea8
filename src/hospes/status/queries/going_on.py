"""The incidents that go on now, kept in memory: every customer's home asks for them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.foundation import numbers
from hospes.status.domain import moves
from hospes.status.models import StatusEvent

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Incident:
    """What a line about an incident needs."""

    event_id: int
    titles: Mapping[str, str]


_lock = threading.Lock()
_known: tuple[Incident, ...] = ()
_read_at = float("-inf")
# How often this process was told to ask again.
_forgotten = 0


def incidents() -> tuple[Incident, ...]:
    """Return the incidents that go on, newest first.

    One query at most in ``status.cache_seconds`` for each process; a process that changes an
    event knows at once.
    """
    global _known, _read_at
    with _lock:
        if time.monotonic() - _read_at < numbers.get("status.cache_seconds"):
            return _known
        forgotten = _forgotten
    asked_at = time.monotonic()
    rows = StatusEvent.objects.filter(
        kind=moves.INCIDENT, status__in=moves.GOING_ON, deleted_at=None
    )
    found = tuple(
        Incident(pk, titles)
        for pk, titles in rows.order_by("-starts_at", "-pk").values_list("pk", "titles")
    )
    with _lock:
        # What was read before a change that came meanwhile is not kept.
        if forgotten == _forgotten:
            _known, _read_at = found, asked_at
    return found


def forget() -> None:
    """Ask again next time."""
    global _forgotten, _read_at  # noqa: PLW0603 - what the process remembers
    with _lock:
        _forgotten += 1
        _read_at = float("-inf")
