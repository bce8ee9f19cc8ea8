"""Whether the worker inside this process still moves."""

from __future__ import annotations

import threading
import time

# Longer than any single piece of work may hold a worker up.
SILENT_SECONDS = 180.0

_lock = threading.Lock()
_beats: dict[int, float] = {}


def begin() -> None:
    """Say that this thread is a worker from now on."""
    with _lock:
        # The machine's steady clock: a moved business clock must not silence the worker.
        _beats[threading.get_ident()] = time.monotonic()


def beat() -> None:
    """Say that this thread's worker is alive, if it is one; long tasks call it too."""
    with _lock:
        if threading.get_ident() in _beats:
            _beats[threading.get_ident()] = time.monotonic()


def leave() -> None:
    """Say that this thread's worker ended as asked."""
    with _lock:
        _beats.pop(threading.get_ident(), None)


def silence() -> float | None:
    """Return for how many seconds the quietest worker was not heard; None without a worker."""
    with _lock:
        return time.monotonic() - min(_beats.values()) if _beats else None
