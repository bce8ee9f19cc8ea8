"""Numbers of the machinery itself."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_number = partial(Number, section=Section.PLATFORM)

NUMBERS: tuple[Number, ...] = (
    _number(
        "foundation.done_jobs_days",
        7,
        1,
        90,
        Unit.DAYS,
        _("Finished background jobs are kept for"),
    ),
    _number(
        "foundation.messages_days",
        90,
        1,
        730,
        Unit.DAYS,
        _("The record that a message was sent is kept for"),
        help=_("The content of a message is erased as soon as it is delivered."),
    ),
    _number(
        "status.cache_seconds",
        30,
        1,
        600,
        Unit.SECONDS,
        _("Browsers and servers may show the status page unchanged for"),
    ),
    _number(
        "status.history_events",
        25,
        1,
        500,
        Unit.COUNT,
        _("Past events on one page of the status page"),
    ),
    _number(
        "status.feed_events",
        50,
        1,
        500,
        Unit.COUNT,
        _("Events in the feed of the status page"),
    ),
)
