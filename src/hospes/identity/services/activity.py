"""The activity log in words."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospes.foundation.services import audit
from hospes.identity.queries import activity
from hospes.identity.services.device_names import device_name
from hospes.kit import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from hospes.foundation.models import AuditEntry
    from hospes.identity.models import Account

SENTENCES: dict[str, StrOrPromise] = {
    "identity.account_created": gettext_lazy("Your account was opened."),
    "identity.signed_in": gettext_lazy("Signed in with the password."),
    "identity.sign_in_failed": gettext_lazy("A sign-in was tried with a wrong password."),
    "identity.sign_in_repudiated": gettext_lazy("You said that a sign-in was not yours."),
    "identity.account_locked": gettext_lazy(
        "Your account was locked after too many wrong passwords."
    ),
    "identity.account_switched": gettext_lazy("A browser switched to this account."),
    "identity.session_ended": gettext_lazy("A session was ended."),
    "identity.sessions_ended": gettext_lazy("Several sessions were ended (%(count)s)."),
    "identity.password_confirmed": gettext_lazy(
        "The password was given again before a sensitive change."
    ),
    "identity.password_changed": gettext_lazy("The password was changed."),
    "identity.password_reset": gettext_lazy("A new password was set by a link from a mail."),
    "identity.recovery_asked": gettext_lazy("A link for a new password was asked for."),
    "identity.email_change_requested": gettext_lazy(
        "A change of the sign-in address to %(email)s was asked for."
    ),
    "identity.email_change_withdrawn": gettext_lazy(
        "The change of the sign-in address was withdrawn."
    ),
    "identity.email_changed": gettext_lazy(
        "The sign-in address was changed from %(old_email)s to %(email)s."
    ),
    "identity.email_change_undone": gettext_lazy(
        "The change of the sign-in address was undone; it is %(email)s again."
    ),
    "identity.recovery_email_requested": gettext_lazy(
        "A link was sent to %(email)s to make it the recovery address."
    ),
    "identity.recovery_email_changed": gettext_lazy("The recovery address became %(email)s."),
    "identity.recovery_email_removed": gettext_lazy("The recovery address was removed."),
    "identity.recovery_phone_changed": gettext_lazy("The recovery phone became %(phone)s."),
    "identity.recovery_phone_removed": gettext_lazy("The recovery phone was removed."),
    "identity.recovery_phone_confirmed": gettext_lazy(
        "The recovery phone %(phone)s was confirmed."
    ),
    "identity.login_orphaned": gettext_lazy(
        "The sign-in address %(old_email)s vanished, and a temporary login ID took its place."
    ),
    "identity.login_restored": gettext_lazy("The sign-in address became %(email)s."),
    "identity.login_reminder_asked": gettext_lazy("A forgotten login was asked for."),
    "identity.recovery_code_used": gettext_lazy("A code from the recovery phone was used."),
    "identity.recovery_case_opened": gettext_lazy(
        "Our support was asked for help with signing in."
    ),
    "identity.recovery_case_granted": gettext_lazy("Our support helped with signing in."),
    "identity.recovery_case_refused": gettext_lazy("Our support refused help with signing in."),
    "identity.recovery_case_withdrawn": gettext_lazy(
        "The request for help with signing in was withdrawn."
    ),
    "identity.two_step_on": gettext_lazy("Two-step verification was switched on with %(name)s."),
    "identity.two_step_off": gettext_lazy(
        "%(name)s was removed, and two-step verification is off."
    ),
    "identity.two_step_switched_off": gettext_lazy(
        "Our support switched two-step verification off."
    ),
    "identity.method_added": gettext_lazy("%(name)s was added to two-step verification."),
    "identity.method_renamed": gettext_lazy(
        "A method of two-step verification is called %(name)s now."
    ),
    "identity.method_made_default": gettext_lazy("%(name)s became the default second step."),
    "identity.method_removed": gettext_lazy("%(name)s was removed from two-step verification."),
    "identity.backup_codes_made": gettext_lazy(
        "New backup codes were made; the old ones are worthless."
    ),
    "identity.backup_code_used": gettext_lazy("A backup code was used; %(left)s are left."),
    "identity.application_password_created": gettext_lazy(
        "The application password “%(name)s” was created."
    ),
    "identity.application_password_renamed": gettext_lazy(
        "The application password “%(old_name)s” is called “%(name)s” now."
    ),
    "identity.application_password_revoked": gettext_lazy(
        "The application password “%(name)s” was revoked."
    ),
    "identity.application_passwords_all_revoked": gettext_lazy(
        "All application passwords were revoked (%(count)s)."
    ),
    "identity.profile_changed": gettext_lazy("The profile was changed."),
    "identity.picture_changed": gettext_lazy("The picture was changed."),
    "identity.picture_removed": gettext_lazy("The picture was removed."),
    "identity.notices_changed": gettext_lazy(
        "The rules for sign-in mails and locking were changed."
    ),
    "identity.data_export_requested": gettext_lazy("A copy of your data was asked for."),
    "identity.data_export_downloaded": gettext_lazy("The copy of your data was downloaded."),
    "identity.deletion_requested": gettext_lazy("The deletion of the account was asked for."),
    "identity.deletion_withdrawn": gettext_lazy(
        "The account stays: you signed in before its deletion."
    ),
    "identity.deletion_stopped": gettext_lazy(
        "The account stays: something has to be handed over first."
    ),
    "identity.account_deleted": gettext_lazy("The account was deleted."),
}


def register_sentences(sentences: Mapping[str, StrOrPromise]) -> None:
    """Let another room tell its actions in sentences; each may name keys of the detail."""
    SENTENCES.update(sentences)


KIND_LABELS: dict[str, StrOrPromise] = {
    "sign_in": gettext_lazy("Sign-in and sessions"),
    "password": gettext_lazy("Password"),
    "two_step": gettext_lazy("Two-step verification"),
    "contact": gettext_lazy("Addresses and phone"),
    "profile": gettext_lazy("Profile"),
    "data": gettext_lazy("Data and deletion"),
    activity.OTHER: gettext_lazy("Everything else"),
}


# A passkey alone is both steps, so the password is not named.
BOTH_STEPS = gettext_lazy("Signed in with two-step verification.")


class _Particulars(dict[str, object]):
    """An entry's detail; what an old entry lacks is left open."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log as its owner reads it."""

    at: datetime
    text: str
    device: str
    ip: str
    action: str


def line(entry: AuditEntry) -> Line:
    """Return the entry in the active language."""
    sentence = SENTENCES.get(entry.action)
    if entry.action == "identity.signed_in" and entry.detail.get("second_step"):
        sentence = BOTH_STEPS
    text = str(sentence) % _Particulars(entry.detail) if sentence else ""
    text = text or str(audit.describe(entry.action))
    device = device_name(entry.user_agent) if entry.user_agent else ""
    return Line(entry.at, text, device, entry.ip, entry.action)


def as_csv(account: Account, found: Iterable[AuditEntry]) -> Iterator[bytes]:
    """Yield the log as CSV (RFC 4180, UTF-8 with a mark for spreadsheets), line by line."""
    zone = zoneinfo.ZoneInfo(account.timezone)

    def row(*cells: str) -> bytes:
        return csv_text.line(cells).encode()

    yield b"\xef\xbb\xbf"
    yield row(_("Time"), _("What happened"), _("Device"), _("IP address"), _("Event"))
    for entry in found:
        told = line(entry)
        when = told.at.astimezone(zone).isoformat(sep=" ", timespec="seconds")
        yield row(when, told.text, told.device, told.ip, told.action)
