"""Numbers of the OAuth2 and OpenID Connect provider."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_number = partial(Number, section=Section.OAUTH)
_later = partial(Number, section=Section.OAUTH, in_use=False)

NUMBERS: tuple[Number, ...] = (
    _number(
        "connect.code_seconds",
        60,
        10,
        600,
        Unit.SECONDS,
        _("An authorization code stays valid for"),
        help=_("RFC 6749 recommends at most 10 minutes."),
    ),
    _number(
        "connect.access_token_seconds",
        7200,
        300,
        86400,
        Unit.SECONDS,
        _("An access token stays valid for"),
    ),
    _number(
        "connect.id_token_seconds",
        3600,
        60,
        86400,
        Unit.SECONDS,
        _("An ID token stays valid for"),
    ),
    _number(
        "connect.signing_key_days",
        90,
        7,
        730,
        Unit.DAYS,
        _("Signing keys are replaced every"),
    ),
    _number(
        "connect.signing_key_overlap_days",
        7,
        1,
        90,
        Unit.DAYS,
        _("Old and new signing keys are published side by side for"),
    ),
    _number(
        "connect.secret_overlap_hours",
        24,
        1,
        720,
        Unit.HOURS,
        _("A replaced client secret keeps working, where that is wanted, for"),
    ),
    _number(
        "connect.redirect_urls_per_application",
        20,
        1,
        100,
        Unit.COUNT,
        _("Redirect URLs per application"),
    ),
    _number(
        "connect.applications_per_organization",
        100,
        1,
        10000,
        Unit.COUNT,
        _("Applications per organization"),
    ),
    _number(
        "connect.application_log_days",
        90,
        1,
        730,
        Unit.DAYS,
        _("An application's sign-in log goes back"),
    ),
    _number(
        "connect.refresh_token_days",
        60,
        1,
        730,
        Unit.DAYS,
        _("A refresh token stays valid without use for"),
    ),
    _number(
        "connect.refresh_retry_seconds",
        10,
        0,
        60,
        Unit.SECONDS,
        _("A repeated refresh gets the same answer within"),
    ),
    _number(
        "connect.backchannel_request_seconds",
        300,
        30,
        900,
        Unit.SECONDS,
        _("A request of an application on the phone stays open for at most"),
    ),
    _number(
        "connect.pushed_request_seconds",
        90,
        10,
        600,
        Unit.SECONDS,
        _("A pushed authorization request stays valid for"),
    ),
    _number(
        "connect.pushed_requests_per_minute",
        60,
        1,
        10000,
        Unit.TIMES,
        _("Requests that an application without a secret pushes per network and minute"),
    ),
    _later(
        "connect.device_code_minutes",
        10,
        1,
        60,
        Unit.MINUTES,
        _("A device code stays valid for"),
    ),
    _number(
        "connect.clock_skew_seconds",
        30,
        10,
        60,
        Unit.SECONDS,
        _("The clocks of applications may differ from ours by"),
        help=_("It counts where they prove themselves with something signed."),
    ),
    _number(
        "connect.assertion_seconds",
        3600,
        60,
        86400,
        Unit.SECONDS,
        _("What an application signs to prove itself may stay valid for"),
    ),
    _number(
        "connect.client_keys_minutes",
        15,
        1,
        1440,
        Unit.MINUTES,
        _("The keys that an application publishes are fetched anew after"),
    ),
    _number(
        "connect.client_keys_retry_seconds",
        60,
        10,
        3600,
        Unit.SECONDS,
        _("They are fetched anew for an unknown key, or after a failure, at most every"),
    ),
    _number(
        "connect.client_keys_kept_hours",
        24,
        0,
        720,
        Unit.HOURS,
        _("Where they cannot be fetched, the old ones count for"),
    ),
)
