"""How often something happened lately: throttles, in a sliding window, exact to the last hit."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from hospes.foundation import clock
from hospes.foundation.counters.memory import Memory
from hospes.foundation.counters.window import Hit

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["Hit", "clear", "count", "forget", "hit"]


class Store(Protocol):
    """Where the hits are kept. Times and windows are microseconds."""

    def hit(self, name: str, key: str, limit: int, window: int, now: int) -> Hit:
        """Count one more unless ``limit`` are within ``window`` already."""

    def count(self, name: str, key: str, window: int, now: int) -> int:
        """Return how many hits lie within ``window``."""

    def clear(self, name: str, key: str) -> None:
        """Forget the hits."""


_lock = threading.Lock()
_store: Store | None = None


def _chosen() -> Store:
    global _store  # noqa: PLW0603 - one store for the process, under the lock
    store = _store
    if store is not None:
        return store
    with _lock:
        if _store is None:
            url: str = settings.HOSPES.redis_url
            if url:
                # Only where it is configured: the client is slow to import.
                from hospes.foundation.counters.shared import Shared  # noqa: PLC0415 - the client is loaded only where Redis is used

                _store = Shared(url, fallback=Memory(), monotonic=time.monotonic)
            else:
                _store = Memory()
        return _store


def use(store: Store | None) -> None:
    """Keep the hits in ``store`` from now on; None chooses by the configuration again."""
    global _store  # noqa: PLW0603 - one store for the process, under the lock
    with _lock:
        _store = store


def forget() -> None:
    """Begin with no hits where they are kept in memory (between tests)."""
    use(None)


def _microseconds(window: timedelta) -> int:
    return int(window.total_seconds() * 1_000_000)


def _now() -> int:
    return int(clock.now().timestamp() * 1_000_000)


def hit(name: str, key: str, *, limit: int, window: timedelta) -> Hit:
    """Count one more ``name`` for ``key``, unless ``limit`` lie within ``window`` already.

    A hit that is not allowed is not counted: however hard someone knocks, the door opens again
    ``retry_after`` seconds later. Several callers at once never get more than ``limit`` through.
    """
    return _chosen().hit(name, key, limit, _microseconds(window), _now())


def count(name: str, key: str, window: timedelta) -> int:
    """Return how many ``name`` for ``key`` lie within ``window``, without adding one."""
    return _chosen().count(name, key, _microseconds(window), _now())


def clear(name: str, key: str) -> None:
    """Forget every ``name`` for ``key``."""
    _chosen().clear(name, key)
