"""Numbers of the second step and of getting back in."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_number = partial(Number, section=Section.SIGN_IN)
_later = partial(Number, section=Section.SIGN_IN, in_use=False)

NUMBERS: tuple[Number, ...] = (
    _number(
        "identity.push_challenge_minutes",
        5,
        1,
        15,
        Unit.MINUTES,
        _("A sign-in request on the phone stays open for"),
    ),
    _number(
        "identity.push_number_matching",
        1,
        0,
        1,
        Unit.SWITCH,
        _("Approving on the phone asks for the number shown in the browser"),
    ),
    _number(
        "identity.push_open_refusals",
        3,
        1,
        20,
        Unit.TIMES,
        _("Unanswered or refused requests on the phone before only other methods are offered"),
    ),
    _number(
        "identity.push_refusals_window_minutes",
        10,
        1,
        120,
        Unit.MINUTES,
        _("Unanswered or refused requests are counted over"),
    ),
    _number(
        "identity.one_time_code_digits",
        6,
        6,
        8,
        Unit.DIGITS,
        _("Length of a one-time code"),
    ),
    _number(
        "identity.one_time_code_seconds",
        30,
        30,
        60,
        Unit.SECONDS,
        _("A one-time code changes every"),
    ),
    _number(
        "identity.one_time_code_steps",
        1,
        0,
        3,
        Unit.TIMES,
        _("One-time codes accepted before and after the present one"),
    ),
    _number(
        "identity.one_time_code_failures",
        10,
        1,
        100,
        Unit.TIMES,
        _("Wrong one-time codes before a pause"),
    ),
    # NIST SP 800-63B-4, 3.2.2: no more than 100.
    _number(
        "identity.one_time_codes_wrong_in_a_row",
        100,
        10,
        100,
        Unit.TIMES,
        _("Wrong one-time codes in a row before new devices may type none"),
    ),
    _number(
        "identity.backup_codes",
        10,
        5,
        20,
        Unit.COUNT,
        _("Backup codes"),
    ),
    _number(
        "identity.push_wrong_numbers",
        2,
        1,
        5,
        Unit.TIMES,
        _("Wrong numbers typed on the phone before the request is refused"),
    ),
    _number(
        "identity.sign_in_step_minutes",
        10,
        2,
        60,
        Unit.MINUTES,
        _("The second step of a sign-in must follow the password within"),
    ),
    _number(
        "identity.trusted_browser_days",
        30,
        1,
        365,
        Unit.DAYS,
        _("A trusted browser is not asked for the second step for"),
    ),
    _number(
        "identity.authenticator_link_minutes",
        10,
        2,
        60,
        Unit.MINUTES,
        _("The code that links a phone stays valid for"),
    ),
    _number(
        "identity.sms_code_minutes",
        10,
        2,
        60,
        Unit.MINUTES,
        _("A code sent by SMS stays valid for"),
    ),
    _number(
        "identity.sms_codes_per_hour",
        5,
        1,
        60,
        Unit.TIMES,
        _("Codes by SMS per phone number and hour"),
    ),
    _number(
        "identity.sms_per_network_per_hour",
        30,
        1,
        1000,
        Unit.TIMES,
        _("Codes by SMS per network and hour"),
    ),
    _number(
        "identity.sms_code_tries",
        5,
        1,
        20,
        Unit.TIMES,
        _("Tries for one code sent by SMS"),
    ),
    _number(
        "identity.passkey_minutes",
        5,
        1,
        30,
        Unit.MINUTES,
        _("A passkey must answer within"),
    ),
    _number(
        "identity.temporary_login_days",
        30,
        1,
        365,
        Unit.DAYS,
        _("A temporary login ID stays valid for"),
    ),
    _number(
        "identity.recovery_cases_per_network_per_day",
        5,
        1,
        100,
        Unit.TIMES,
        _("Requests for help with signing in, per network and day"),
    ),
    _number(
        "identity.logins_by_phone_per_hour",
        5,
        1,
        60,
        Unit.TIMES,
        _("Requests for a forgotten login, per phone number and hour"),
    ),
)
