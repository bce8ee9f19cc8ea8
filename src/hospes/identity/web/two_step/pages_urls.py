"""Addresses of the methods of two-step verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from django.views.generic import RedirectView

from hospes.identity.web.two_step import own_app, own_phone, pages

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path(
        "2fa", RedirectView.as_view(pattern_name="two_step", query_string=False), name="short_2fa"
    ),
    path("settings/two-step", pages.overview, name="two_step"),
    path("settings/two-step/app", own_app.begin, name="two_step_app"),
    path("settings/two-step/app/<uuid:public_id>", own_app.scan, name="two_step_app_scan"),
    path("settings/two-step/sms", own_phone.begin, name="two_step_sms"),
    path("settings/two-step/sms/<uuid:public_id>", own_phone.confirm, name="two_step_sms_confirm"),
    path("settings/two-step/codes", own_app.codes, name="two_step_backup_codes"),
    path("settings/two-step/browsers/forget", pages.forget_browsers, name="two_step_forget_all"),
    path(
        "settings/two-step/browsers/<uuid:public_id>/forget",
        pages.forget_browser,
        name="two_step_forget",
    ),
    path("settings/two-step/<uuid:public_id>/rename", pages.rename, name="two_step_rename"),
    path("settings/two-step/<uuid:public_id>/default", pages.make_default, name="two_step_default"),
    path("settings/two-step/<uuid:public_id>/remove", pages.remove, name="two_step_remove"),
]
