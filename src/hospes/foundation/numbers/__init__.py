"""Every number of the product: its default, its bounds, what it means, and what it is now."""

from __future__ import annotations

import threading
import time

from django.apps import apps

from hospes.foundation.numbers import (
    clocks,
    commerce,
    connect,
    identity,
    interfaces,
    organizations,
    platform,
    two_step,
)
from hospes.foundation.numbers.kinds import SECTIONS, Number, Section, Unit

__all__ = [
    "NUMBERS",
    "SECTIONS",
    "Number",
    "Section",
    "Unit",
    "find",
    "forget",
    "get",
    "in_section",
]

CACHE_SECONDS = 3.0

NUMBERS: dict[str, Number] = {
    number.key: number
    for number in (
        *identity.NUMBERS,
        *two_step.NUMBERS,
        *connect.NUMBERS,
        *interfaces.NUMBERS,
        *organizations.NUMBERS,
        *commerce.NUMBERS,
        *clocks.NUMBERS,
        *platform.NUMBERS,
    )
}

_lock = threading.Lock()
_changed: dict[str, int] = {}
_read_at = float("-inf")
_version = 0


def find(key: str) -> Number | None:
    """Return the number called ``key``, or None."""
    return NUMBERS.get(key)


def in_section(section: Section) -> tuple[Number, ...]:
    """Return the numbers of one section, in their order on the settings page."""
    return tuple(number for number in NUMBERS.values() if number.section is section)


def get(key: str) -> int:
    """Return what the number is now: the provider's value, else the default.

    Changes made in this process are seen at once, those of others within three seconds.

    Raises:
        KeyError: for a number that does not exist.

    """
    number = NUMBERS[key]
    return _settings().get(key, number.default)


def forget() -> None:
    """Read the settings again at the next ``get`` (after a change, and between tests)."""
    global _read_at, _version  # noqa: PLW0603 - one cache for the process, under the lock
    with _lock:
        _read_at = float("-inf")
        _version += 1


def _settings() -> dict[str, int]:
    global _changed, _read_at
    # The machine's own steady clock: how long a cached row may live is no business time.
    now = time.monotonic()
    with _lock:
        if now - _read_at < CACHE_SECONDS:
            return _changed
        version = _version
    model = apps.get_model("foundation", "NumberSetting")
    rows = {
        key: value
        for key, value in model.objects.values_list("key", "value")
        # A row that no longer fits the registry (an older release's) falls back to the default.
        if key in NUMBERS and NUMBERS[key].accepts(value)
    }
    with _lock:
        if version == _version:
            _changed, _read_at = rows, now
    return rows
