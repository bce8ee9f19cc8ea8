"""Addresses of the pages of application passwords; the room's ``settings_urls`` includes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.web.settings import application_passwords as pages

if TYPE_CHECKING:
    from django.urls import URLPattern

ROOT = "settings/application-passwords"

urlpatterns: list[URLPattern] = [
    path(ROOT, pages.overview, name="settings_application_passwords"),
    path(f"{ROOT}/new", pages.create, name="settings_application_password_new"),
    path(f"{ROOT}/revoke", pages.revoke_all, name="settings_application_passwords_revoke"),
    path(
        f"{ROOT}/<int:password_id>/rename",
        pages.rename,
        name="settings_application_password_rename",
    ),
    path(
        f"{ROOT}/<int:password_id>/revoke",
        pages.revoke,
        name="settings_application_password_revoke",
    ),
]
