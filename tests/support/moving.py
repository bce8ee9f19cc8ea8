"""The product's clock in a test's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.foundation import clock

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class Clock:
    """Moves the one clock of the process; hot plane, pages and worker all read it."""

    def now(self) -> datetime:
        """Return the product's time."""
        return clock.now()

    def move(self, by: timedelta) -> None:
        """Move the clock by ``by`` (negative: back)."""
        clock.move_to_offset(clock.offset() + by)

    def set(self, to: datetime) -> None:
        """Let the product believe it is ``to``; time goes on from there."""
        clock.move_to_offset(clock.offset() + (to - clock.now()))
