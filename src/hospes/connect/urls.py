"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.connect.web import (
    application_create,
    application_delete,
    application_log,
    application_module,
    application_secret,
    application_security,
    application_settings,
    applications,
    authorize,
    client_registration,
    connected,
    consent,
    device,
    end_session,
    logos,
    registration_tokens,
)

urlpatterns = [
    path("auth/applications", applications.index, name="applications"),
    path("auth/applications/new", application_create.create, name="application_new"),
    path("auth/applications/<uuid:client_id>", applications.detail, name="application_detail"),
    path("auth/applications/<uuid:client_id>/edit", applications.edit, name="application_edit"),
    path(
        "auth/applications/<uuid:client_id>/secret",
        application_secret.rotate,
        name="application_secret",
    ),
    path(
        "auth/applications/<uuid:client_id>/secret/<int:secret_id>/end",
        application_secret.end,
        name="application_secret_end",
    ),
    path(
        "auth/applications/<uuid:client_id>/security",
        application_security.edit,
        name="application_security",
    ),
    path(
        "auth/applications/<uuid:client_id>/delete",
        application_delete.delete,
        name="application_delete",
    ),
    path("auth/applications/<uuid:client_id>/log", application_log.log, name="application_log"),
    path(
        "auth/applications/<uuid:client_id>/log.csv",
        application_log.export,
        name="application_log_csv",
    ),
    path(
        "auth/applications/<uuid:client_id>/settings",
        application_settings.show,
        name="application_settings",
    ),
    path(
        "auth/applications/<uuid:client_id>/module.zip",
        application_module.download,
        name="application_module",
    ),
    path("auth/applications/registration", registration_tokens.index, name="registration_tokens"),
    path(
        "auth/applications/registration/new",
        registration_tokens.create,
        name="registration_token_new",
    ),
    path(
        "auth/applications/registration/<int:token_id>/revoke",
        registration_tokens.revoke,
        name="registration_token_revoke",
    ),
    path(
        "auth/applications/<uuid:client_id>/program/end",
        registration_tokens.end_program,
        name="application_program_end",
    ),
    path("logos/<str:name>", logos.show, name="logo"),
    path("authorize", authorize.authorize, name="authorize"),
    path("authorize/consent", consent.decide, name="authorize_consent"),
    path("device", device.device, name="device"),
    path("device/answer", device.answer, name="device_answer"),
    path("device/done", device.done, name="device_done"),
    path("oauth2/end-session", end_session.end_session, name="end_session"),
    path("oauth2/end-session/confirm", end_session.confirm, name="end_session_confirm"),
    path("oauth2/register", client_registration.register, name="client_registration"),
    path(
        "oauth2/register/<str:client_id>",
        client_registration.manage,
        name="client_registration_one",
    ),
    path("settings/applications", connected.index, name="settings_applications"),
    path(
        "settings/applications/<uuid:client_id>/remove",
        connected.remove,
        name="settings_application_remove",
    ),
]
