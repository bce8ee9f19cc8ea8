"""What the audit log calls the actions of the settings pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "identity.password_changed": _("Password changed"),
    "identity.email_change_requested": _("Change of the sign-in address asked for"),
    "identity.email_change_withdrawn": _("Change of the sign-in address withdrawn"),
    "identity.email_changed": _("Sign-in address changed"),
    "identity.email_change_undone": _("Change of the sign-in address undone"),
    "identity.recovery_email_requested": _("Recovery address entered"),
    "identity.recovery_email_changed": _("Recovery address changed"),
    "identity.recovery_email_removed": _("Recovery address removed"),
    "identity.recovery_phone_changed": _("Recovery phone changed"),
    "identity.recovery_phone_confirmed": _("Recovery phone confirmed"),
    "identity.recovery_phone_removed": _("Recovery phone removed"),
    "identity.login_orphaned": _("Sign-in address vanished, temporary login ID given"),
    "identity.login_restored": _("New sign-in address after a temporary login ID"),
    "identity.login_reminder_asked": _("Forgotten login asked for"),
    "identity.recovery_code_used": _("Code from the recovery phone used"),
    "identity.recovery_case_opened": _("Help with signing in asked for"),
    "identity.recovery_case_granted": _("Help with signing in granted"),
    "identity.recovery_case_refused": _("Help with signing in refused"),
    "identity.recovery_case_withdrawn": _("Help with signing in no longer wanted"),
    "identity.profile_changed": _("Profile changed"),
    "identity.picture_changed": _("Picture changed"),
    "identity.picture_removed": _("Picture removed"),
    "identity.notices_changed": _("Sign-in notices changed"),
    "identity.application_password_created": _("Application password created"),
    "identity.application_password_renamed": _("Application password renamed"),
    "identity.application_password_revoked": _("Application password revoked"),
    "identity.application_passwords_all_revoked": _("All application passwords revoked"),
    "identity.data_export_requested": _("Data export asked for"),
    "identity.data_export_downloaded": _("Data export downloaded"),
    "identity.deletion_requested": _("Account deletion asked for"),
    "identity.deletion_withdrawn": _("Account deletion withdrawn by signing in"),
    "identity.deletion_stopped": _("Account deletion stopped"),
    "identity.account_deleted": _("Account deleted"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
