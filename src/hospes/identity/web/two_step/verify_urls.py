"""Addresses of the second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.web.two_step import verify, verify_codes, verify_sms

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("sign-in/verify", verify.verify, name="verify"),
    path("sign-in/verify/code", verify_codes.code, name="verify_code"),
    path("sign-in/verify/backup", verify_codes.backup, name="verify_backup"),
    path("sign-in/verify/sms", verify_sms.sms_code, name="verify_sms"),
    path("sign-in/verify/cancel", verify.cancel, name="verify_cancel"),
]
