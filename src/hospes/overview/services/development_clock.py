"""Moving the clock of a development installation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hospes.foundation import clock
from hospes.foundation.services import moved_clock
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from datetime import datetime

# Dates beyond ten years ahead serve no one and run into limits of what stores them.
FURTHEST = timedelta(days=3650)


def move_forward(by: timedelta) -> datetime:
    """Move the clock ahead by ``by`` and return the new time.

    Raises:
        Refused: ``by`` is not ahead, or the clock would stand more than ten years ahead.

    """
    moved = clock.offset() + by
    if by <= timedelta(0):
        raise Refused(Fault("hours", "not_ahead"))
    if moved > FURTHEST:
        raise Refused(Fault("hours", "too_far"))
    moved_clock.move(moved)
    return clock.now()


def back_to_now() -> None:
    """Let the clock show the machine's time again."""
    moved_clock.move(timedelta(0))
