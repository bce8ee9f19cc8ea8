"""Numbers of organizations and their members."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from hospes.foundation.numbers.kinds import Number, Section, Unit

_number = partial(Number, section=Section.SIGN_IN)

NUMBERS: tuple[Number, ...] = (
    _number(
        "organizations.role_changes_per_day",
        10,
        1,
        1000,
        Unit.TIMES,
        _("Role changes per member and day, each told by mail"),
    ),
    _number(
        "organizations.two_step_reminder_hours",
        24,
        1,
        720,
        Unit.HOURS,
        _("A member is reminded to set up two-step verification at most once in"),
    ),
    _number(
        "organizations.unlocks_per_account_per_day",
        3,
        1,
        100,
        Unit.TIMES,
        _("Times per day that organizations may unlock the same account"),
        help=_("Each time, the number of wrong passwords its owner chose may be tried again."),
    ),
    _number(
        "organizations.invitations_per_person_per_hour",
        300,
        1,
        10000,
        Unit.TIMES,
        _("Invitations that one person may send per hour"),
    ),
    _number(
        "organizations.invitations_per_organization_per_day",
        2000,
        1,
        100000,
        Unit.TIMES,
        _("Invitations that an organization may send per day"),
    ),
    _number(
        "organizations.invitation_mails_per_address_per_day",
        5,
        1,
        100,
        Unit.TIMES,
        _("Mails with an invitation to the same address per day, of all organizations"),
    ),
    _number(
        "organizations.invitation_resends_per_day",
        3,
        1,
        100,
        Unit.TIMES,
        _("New links of the same invitation per day"),
    ),
    _number(
        "organizations.invitation_list_rows",
        1000,
        1,
        10000,
        Unit.COUNT,
        _("People that one list may invite at once"),
    ),
    _number(
        "organizations.invitations_kept_days",
        365,
        30,
        3650,
        Unit.DAYS,
        _("Answered and expired invitations are kept for"),
    ),
    _number(
        "organizations.two_step_switches_per_day",
        3,
        1,
        100,
        Unit.TIMES,
        _("Times per day that an organization may begin to require two-step verification"),
        help=_("Each time, members without it are told by mail."),
    ),
)
