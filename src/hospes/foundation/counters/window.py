"""The sliding window itself: a log of times, and what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import deque

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Hit:
    """What became of one hit: ``count`` hits are in the window, this one among them if allowed.

    ``retry_after`` is in whole seconds, at least 1 where the hit was not allowed, else 0.
    ``frees_in`` is when the oldest of them leaves the window, in whole seconds, at least 1.
    """

    allowed: bool
    count: int
    retry_after: int
    frees_in: int = 1


def drop_past(times: deque[int], window: int, now: int) -> None:
    """Remove what lies a whole window or more back; times are microseconds in order."""
    while times and times[0] <= now - window:
        times.popleft()


def take(times: deque[int], limit: int, window: int, now: int) -> Hit:
    """Add ``now`` to ``times`` if fewer than ``limit`` lie within ``window``."""
    drop_past(times, window, now)
    if len(times) < limit:
        # A clock that stepped back must not put the log out of order.
        times.append(max(now, times[-1]) if times else now)
        return Hit(True, len(times), 0, seconds(times[0] + window - now))
    if not times:
        return Hit(False, 0, seconds(window), seconds(window))
    # Free again once so many have left that fewer than the limit remain.
    leaving = times[len(times) - max(limit, 1)]
    wait = seconds(leaving + window - now)
    return Hit(False, len(times), wait, seconds(times[0] + window - now))


def seconds(microseconds: int) -> int:
    """Return whole seconds, rounded up, at least 1."""
    return max(1, -(-microseconds // SECOND))
