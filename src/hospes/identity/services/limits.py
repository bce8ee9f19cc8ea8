"""What is asked for too often is refused, with the time to wait."""

from __future__ import annotations

from datetime import timedelta

from hospes.foundation import counters
from hospes.identity.domain import throttling
from hospes.kit.faults import Fault, Refused

HOUR = timedelta(hours=1)


def admit(
    name: str, key: str, *, limit: int, window: timedelta = HOUR, code: str = "throttled"
) -> None:
    """Count one more attempt on ``key`` under ``name``; a ``key`` of "" is not counted.

    Raises:
        Refused: ``code`` with ``minutes``, where there were ``limit`` within ``window``.

    """
    if not key:
        return
    hit = counters.hit(name, key, limit=limit, window=window)
    if not hit.allowed:
        minutes = throttling.minutes_to_wait(hit.retry_after)
        raise Refused(Fault("", code, {"minutes": minutes}))
