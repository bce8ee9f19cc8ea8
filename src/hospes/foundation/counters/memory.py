"""Hits kept in the process: for an installation that is one process."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from hospes.foundation.counters.window import Hit, drop_past, take

# Between two sweeps at most this many logs can be added.
_SWEEP_EVERY = 1000


@dataclass(slots=True)
class _Log:
    times: deque[int] = field(default_factory=deque)
    window: int = 0


class Memory:
    """The hits of this process, safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logs: dict[tuple[str, str], _Log] = {}
        self._until_sweep = _SWEEP_EVERY

    def hit(self, name: str, key: str, limit: int, window: int, now: int) -> Hit:
        """Count one more unless ``limit`` are within ``window`` already (microseconds)."""
        with self._lock:
            self._sweep(now)
            log = self._logs.setdefault((name, key), _Log())
            log.window = max(log.window, window)
            return take(log.times, limit, window, now)

    def count(self, name: str, key: str, window: int, now: int) -> int:
        """Return how many hits lie within ``window``."""
        with self._lock:
            log = self._logs.get((name, key))
            if log is None:
                return 0
            return sum(1 for time in log.times if time > now - window)

    def clear(self, name: str, key: str) -> None:
        """Forget the hits."""
        with self._lock:
            self._logs.pop((name, key), None)

    def __len__(self) -> int:
        """Return how many logs are held."""
        return len(self._logs)

    def _sweep(self, now: int) -> None:
        # Someone who invents keys without end must not fill the memory.
        self._until_sweep -= 1
        if self._until_sweep > 0:
            return
        for name_and_key, log in list(self._logs.items()):
            drop_past(log.times, log.window, now)
            if not log.times:
                del self._logs[name_and_key]
        self._until_sweep = max(_SWEEP_EVERY, len(self._logs))
