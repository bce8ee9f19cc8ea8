"""Numbers of deadlines: checks, reports, support, holder changes."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_later = partial(Number, section=Section.CLOCKS, in_use=False)

NUMBERS: tuple[Number, ...] = (
    _later(
        "checks.files_hours",
        72,
        1,
        168,
        Unit.HOURS,
        _("Files of an identity check are destroyed at the latest after"),
    ),
    _later(
        "reports.acknowledge_hours",
        24,
        1,
        168,
        Unit.HOURS,
        _("A report is acknowledged within"),
    ),
    _later(
        "reports.first_days",
        5,
        1,
        60,
        Unit.BUSINESS_DAYS,
        _("A report is assessed within"),
    ),
    _later(
        "reports.second_days",
        30,
        1,
        120,
        Unit.BUSINESS_DAYS,
        _("A report is investigated within"),
    ),
    _later(
        "reports.last_days",
        60,
        1,
        240,
        Unit.BUSINESS_DAYS,
        _("A report is closed within"),
    ),
    _later(
        "reports.statutory_acknowledge_days",
        7,
        1,
        7,
        Unit.DAYS,
        _("The law asks for an acknowledgement within"),
    ),
    _later(
        "reports.statutory_feedback_months",
        3,
        1,
        3,
        Unit.MONTHS,
        _("The law asks for feedback within"),
    ),
    _later(
        "support.phone_from_hour",
        9,
        0,
        23,
        Unit.HOUR_OF_DAY,
        _("Telephone support opens on business days at"),
    ),
    _later(
        "support.phone_until_hour",
        18,
        1,
        24,
        Unit.HOUR_OF_DAY,
        _("Telephone support closes on business days at"),
    ),
    _later(
        "support.mail_from_hour",
        6,
        0,
        23,
        Unit.HOUR_OF_DAY,
        _("Support by e-mail opens every day at"),
    ),
    _later(
        "support.mail_until_hour",
        23,
        1,
        24,
        Unit.HOUR_OF_DAY,
        _("Support by e-mail closes every day at"),
    ),
    _later(
        "domains.holder_link_days",
        2,
        1,
        30,
        Unit.DAYS,
        _("A link that confirms a holder change stays valid for"),
    ),
)
