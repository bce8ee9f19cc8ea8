"""Numbers of the REST API and of invitations."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_later = partial(Number, section=Section.API, in_use=False)

NUMBERS: tuple[Number, ...] = (
    _later(
        "api.requests",
        60,
        1,
        10000,
        Unit.TIMES,
        _("Requests per API token within the window"),
    ),
    _later(
        "api.requests_window_seconds",
        60,
        1,
        3600,
        Unit.SECONDS,
        _("Window over which requests are counted"),
    ),
    _later(
        "api.token_unused_days",
        365,
        30,
        3650,
        Unit.DAYS,
        _("An unused API token is switched off after"),
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
