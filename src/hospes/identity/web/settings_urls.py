"""Addresses of the settings pages; the room's ``urls`` includes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from django.views.generic import RedirectView

from hospes.identity.web.settings import (
    activity,
    application_password_urls,
    data,
    deletion,
    email,
    login,
    password,
    pictures,
    profile,
    recovery,
    secure,
    sessions,
)

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("settings/profile", profile.edit, name="settings_profile"),
    path("settings/profile/picture", pictures.change, name="settings_picture"),
    path("settings/profile/picture/remove", pictures.remove, name="settings_picture_remove"),
    path("pictures/<str:name>", pictures.show, name="picture"),
    path("settings/login", login.overview, name="settings_login"),
    path("settings/login/notices", login.notices, name="settings_sign_in_notices"),
    path("settings/password", password.change, name="settings_password"),
    # Password managers look for the page here (W3C, A Well-Known URL for Changing Passwords).
    path(
        ".well-known/change-password",
        RedirectView.as_view(pattern_name="settings_password", query_string=False),
        name="well_known_change_password",
    ),
    path("settings/email", email.change, name="settings_email"),
    path("settings/email/cancel", email.withdraw, name="settings_email_withdraw"),
    path("email/confirm/<str:token>", email.confirm, name="email_change_confirm"),
    path("email/undo/<str:token>", email.undo, name="email_change_undo"),
    path("settings/recovery", recovery.overview, name="settings_recovery"),
    path("settings/recovery/email", recovery.email, name="settings_recovery_email"),
    path("settings/recovery/phone", recovery.phone, name="settings_recovery_phone"),
    path(
        "settings/recovery/phone/confirm",
        recovery.confirm_phone,
        name="settings_recovery_phone_confirm",
    ),
    path(
        "settings/recovery/email/remove",
        recovery.remove_email,
        name="settings_recovery_email_remove",
    ),
    path(
        "settings/recovery/phone/remove",
        recovery.remove_phone,
        name="settings_recovery_phone_remove",
    ),
    path(
        "recovery-email/confirm/<str:token>", recovery.confirm_email, name="recovery_email_confirm"
    ),
    path("settings/sessions", sessions.overview, name="settings_sessions"),
    path("settings/sessions/end-others", sessions.end_others, name="settings_sessions_end_others"),
    path("settings/sessions/<uuid:public_id>/end", sessions.end, name="settings_session_end"),
    path("settings/activity", activity.overview, name="settings_activity"),
    path("settings/activity.csv", activity.export, name="settings_activity_csv"),
    path("settings/secure", secure.overview, name="settings_secure"),
    path("settings/data", data.overview, name="settings_data"),
    path("settings/data/<uuid:public_id>/download", data.download, name="settings_data_download"),
    path("settings/data/delete", deletion.ask, name="settings_delete_account"),
    *application_password_urls.urlpatterns,
]
