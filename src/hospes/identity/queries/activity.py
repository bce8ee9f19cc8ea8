"""Reads of an account's own lines in the audit log."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hospes.foundation.models import AuditEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.identity.models import Account

PAGE = 25

# What the filter calls a kind; an action in none of them is "other".
KINDS: dict[str, tuple[str, ...]] = {
    "sign_in": (
        "identity.signed_in",
        "identity.second_step_asked",
        "identity.second_step_cancelled",
        "identity.second_factor_confirmed",
        "identity.challenge_sent",
        "identity.challenge_approved",
        "identity.challenge_refused",
        "identity.challenge_mismatched",
        "identity.challenges_withdrawn",
        "identity.approval_asked",
        "identity.approval_given",
        "identity.approval_refused",
        "identity.code_failed",
        "identity.passkey_refused",
        "identity.passkey_confirmed",
        "identity.sign_in_failed",
        "identity.sign_in_repudiated",
        "identity.account_locked",
        "identity.account_switched",
        "identity.session_ended",
        "identity.sessions_ended",
        "identity.password_confirmed",
    ),
    "password": (
        "identity.password_changed",
        "identity.password_reset",
        "identity.recovery_asked",
        "identity.application_password_created",
        "identity.application_password_renamed",
        "identity.application_password_revoked",
        "identity.application_passwords_all_revoked",
    ),
    "two_step": (
        "identity.two_step_on",
        "identity.two_step_off",
        "identity.two_step_switched_off",
        "identity.method_added",
        "identity.method_renamed",
        "identity.method_made_default",
        "identity.method_removed",
        "identity.backup_codes_made",
        "identity.backup_code_used",
        "identity.browser_trusted",
        "identity.browser_trust_revoked",
        "identity.authenticator_invited",
        "identity.push_ended",
        "identity.passkey_copied",
    ),
    "contact": (
        "identity.email_change_requested",
        "identity.email_change_withdrawn",
        "identity.email_changed",
        "identity.email_change_undone",
        "identity.recovery_email_requested",
        "identity.recovery_email_changed",
        "identity.recovery_email_removed",
        "identity.recovery_phone_changed",
        "identity.recovery_phone_removed",
    ),
    "profile": (
        "identity.account_created",
        "identity.profile_changed",
        "identity.picture_changed",
        "identity.picture_removed",
        "identity.notices_changed",
    ),
    "data": (
        "identity.data_export_requested",
        "identity.data_export_downloaded",
        "identity.deletion_requested",
        "identity.deletion_withdrawn",
        "identity.deletion_stopped",
    ),
}
OTHER = "other"


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """``kind`` is a key of ``KINDS``, ``other`` or "" for all; the days are the account's own."""

    kind: str = ""
    since: date | None = None
    until: date | None = None


def _midnight(day: date, zone: zoneinfo.ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def entries(account: Account, chosen: ActivityFilter) -> QuerySet[AuditEntry]:
    """Return what happened to the account, newest first."""
    found = AuditEntry.objects.filter(subject_account_id=account.pk).order_by("-pk")
    if chosen.kind in KINDS:
        found = found.filter(action__in=KINDS[chosen.kind])
    elif chosen.kind == OTHER:
        found = found.exclude(action__in=[name for names in KINDS.values() for name in names])
    zone = zoneinfo.ZoneInfo(account.timezone)
    if chosen.since:
        found = found.filter(at__gte=_midnight(chosen.since, zone))
    if chosen.until and chosen.until < date.max:
        found = found.filter(at__lt=_midnight(chosen.until + timedelta(days=1), zone))
    return found


def page(
    account: Account, chosen: ActivityFilter, *, before: int | None = None
) -> tuple[list[AuditEntry], int | None]:
    """Return one page and the mark of the next one (None: there is none): one query."""
    found = entries(account, chosen)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
