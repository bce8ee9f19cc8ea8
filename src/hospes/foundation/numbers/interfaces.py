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
    _number(
        "api.invitation_days",
        14,
        1,
        90,
        Unit.DAYS,
        _("An invitation stays valid for"),
    ),
    _number(
        "api.page_size",
        25,
        1,
        10000,
        Unit.COUNT,
        _("Items on a page of an API list that does not say how many"),
    ),
    _number(
        "api.largest_page",
        1000,
        1,
        10000,
        Unit.COUNT,
        _("Items that one answer of the API holds at most"),
    ),
    _number(
        "api.idempotency_hours",
        24,
        1,
        720,
        Unit.HOURS,
        _("An API answer is kept for a repeated request for"),
    ),
    _number(
        "api.idempotency_lease_seconds",
        120,
        10,
        3600,
        Unit.SECONDS,
        _("An API request that was never answered blocks its key for"),
    ),
    _number(
        "organizations.per_account",
        20,
        1,
        1000,
        Unit.COUNT,
        _("Organizations that one account may represent"),
    ),
    _number(
        "organizations.tags_per_organization",
        200,
        1,
        10000,
        Unit.COUNT,
        _("Tags per organization"),
    ),
    _number(
        "api.webhooks_per_organization",
        20,
        1,
        1000,
        Unit.COUNT,
        _("Webhooks per organization"),
    ),
    _number(
        "api.webhook_secret_overlap_hours",
        24,
        1,
        720,
        Unit.HOURS,
        _("A replaced webhook secret signs beside the new one for"),
    ),
    _number(
        "api.webhook_failing_days",
        5,
        1,
        90,
        Unit.DAYS,
        _("A webhook that takes nothing any more is switched off after"),
    ),
    _number(
        "api.webhook_log_days",
        30,
        7,
        365,
        Unit.DAYS,
        _("What webhooks were told is kept for"),
    ),
    _number(
        "api.webhook_tests_per_hour",
        30,
        1,
        1000,
        Unit.TIMES,
        _("Test events and repetitions by hand per webhook and hour"),
    ),
)
