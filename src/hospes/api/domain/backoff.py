"""When a webhook is tried again (Standard Webhooks, "Deliverability and reliability")."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime, timedelta

# What passes before each try: the first is made at once.
DELAYS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# So much later at most, that not all of an outage's messages come back at one moment.
SPREAD = 0.1
LONGEST_WAIT = timedelta(hours=24)
_MOST_DIGITS = 9


def next_delay(
    tries: int, *, jitter: float, retry_after: timedelta | None = None
) -> timedelta | None:
    """Return how long to wait after the given number of tries (1, 2, …); None: give up.

    ``jitter`` from 0 to 1 adds up to a tenth. A receiver that asks for more time gets it, up to
    24 hours; one that asks for less is not tried sooner.
    """
    if tries >= len(DELAYS):
        return None
    planned = DELAYS[max(tries, 1)]
    planned += planned * SPREAD * jitter
    return max(planned, min(retry_after or timedelta(0), LONGEST_WAIT))


def asked_for(header: str, now: datetime) -> timedelta | None:
    """Return what ``Retry-After`` asks for (RFC 9110 §10.2.3); None where it cannot be read."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        # Beyond, it is more than any number of days.
        return timedelta(seconds=int(text)) if len(text) <= _MOST_DIGITS else LONGEST_WAIT
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))
