"""The demo's clock, moved to show what time does, stays moved over a restart."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError

from hospes.foundation import clock
from hospes.foundation.models import NumberSetting

# Beside the numbers of the product, and none of them: the settings page does not show it.
KEY = "clock.offset_seconds"


def allowed() -> bool:
    """Return whether this installation's clock may be moved at all."""
    return bool(settings.HOSPES.demo or settings.HOSPES.development)


def move(offset: timedelta) -> None:
    """Have the clock run ``offset`` ahead of the machine's (behind, if negative), and keep it so.

    Raises:
        RuntimeError: in an installation that is neither a demo nor for development.

    """
    if not allowed():
        raise RuntimeError("the clock of a real installation is not moved")
    seconds = int(offset.total_seconds())
    NumberSetting.objects.update_or_create(
        key=KEY, defaults={"value": seconds, "updated_at": clock.now()}
    )
    clock.move_to_offset(timedelta(seconds=seconds))


def restore() -> None:
    """Move the clock to where it was left.

    Each process calls it at its start, and workers now and then: the page that moves the clock
    may be in another process.
    """
    if not allowed():
        return
    try:
        value = NumberSetting.objects.filter(key=KEY).values_list("value", flat=True).first()
    except DatabaseError:
        # Not there yet, or not now: readiness tells it, and the machine's time will do.
        return
    if isinstance(value, int):
        clock.move_to_offset(timedelta(seconds=value))
