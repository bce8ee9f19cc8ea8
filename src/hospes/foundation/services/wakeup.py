"""A worker in this process hears of new work at once, instead of at its next look."""

from __future__ import annotations

import threading

_condition = threading.Condition()
_generation = 0


def wake() -> None:
    """Tell every waiting worker of this process that there is something to do."""
    global _generation  # noqa: PLW0603 - one count for the process, under the lock
    with _condition:
        _generation += 1
        _condition.notify_all()


def generation() -> int:
    """Return a mark to hand to ``wait``: taken before looking for work, so that none is missed."""
    with _condition:
        return _generation


def wait(since: int, timeout: float) -> None:
    """Wait until someone wakes after ``since``, at most ``timeout`` seconds."""
    with _condition:
        _condition.wait_for(lambda: _generation != since, timeout)
