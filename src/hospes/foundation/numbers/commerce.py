"""Numbers of orders, payments and renewals."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_later = partial(Number, section=Section.MONEY, in_use=False)

NUMBERS: tuple[Number, ...] = (
    _later(
        "orders.blocked_hours",
        240,
        24,
        2160,
        Unit.HOURS,
        _("A blocked order without an answer is cancelled after"),
    ),
    _later(
        "orders.resends_per_hour",
        3,
        1,
        20,
        Unit.TIMES,
        _("Mails about a blocked order that can be sent again per hour"),
    ),
    _later(
        "renewals.first_try_days",
        14,
        1,
        60,
        Unit.DAYS,
        _("Automatic renewal is first tried this long before expiry"),
    ),
    _later(
        "renewals.retry_days",
        1,
        1,
        14,
        Unit.DAYS,
        _("Automatic renewal is tried again every"),
    ),
    _later(
        "renewals.warranty_yearly_days",
        280,
        1,
        365,
        Unit.DAYS,
        _("Renewal Warranty: payment term of yearly services"),
    ),
    _later(
        "renewals.warranty_monthly_days",
        90,
        1,
        365,
        Unit.DAYS,
        _("Renewal Warranty: payment term of monthly services"),
    ),
    _later(
        "support.premium_minimum_months",
        6,
        1,
        36,
        Unit.MONTHS,
        _("Shortest term of premium support"),
    ),
)
