"""Numbers of the REST API and of invitations."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_number = partial(Number, section=Section.API)
_later = partial(Number, section=Section.API, in_use=False)

NUMBERS: tuple[Number, ...] = (
    _number(
        "api.requests",
        60,
        1,
        10000,
        Unit.TIMES,
        _("Requests per API token within the window"),
    ),
    _number(
        "api.requests_window_seconds",
        60,
        1,
        3600,
        Unit.SECONDS,
        _("Window over which requests are counted"),
    ),
    _number(
        "api.token_unused_days",
        365,
        30,
        3650,
        Unit.DAYS,
        _("An unused API token is switched off after"),
    ),
    _number(
        "api.token_warning_days",
        30,
        1,
        365,
        Unit.DAYS,
        _("Its owner is told before by"),
    ),
    _number(
        "api.refused_per_network",
        60,
        1,
        10000,
        Unit.TIMES,
        _("Requests without a working API token per network within the window"),
    ),
    _number(
        "api.leak_reports_per_network",
        30,
        1,
        10000,
        Unit.TIMES,
        _("Reports of leaked API tokens per network and hour"),
    ),
    _number(
        "api.tokens_created_per_hour",
        1000,
        1,
        10000,
        Unit.TIMES,
        _("API tokens per account and hour"),
    ),
    _later(
        "api.invitation_days",
        14,
        1,
        90,
        Unit.DAYS,
        _("An invitation stays valid for"),
    ),
)
