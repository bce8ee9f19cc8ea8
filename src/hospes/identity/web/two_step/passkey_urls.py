"""Addresses of passkeys: adding one, and the three ways to use one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.web.two_step import passkey, passkey_sign_in, verify_passkey

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("sign-in/passkey", passkey_sign_in.sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/options", passkey_sign_in.options, name="passkey_sign_in_options"),
    path("sign-in/confirm/passkey", passkey_sign_in.confirm, name="passkey_confirm"),
    path(
        "sign-in/confirm/passkey/options",
        passkey_sign_in.confirm_options,
        name="passkey_confirm_options",
    ),
    path("sign-in/verify/passkey", verify_passkey.answer, name="verify_passkey"),
    path("sign-in/verify/passkey/options", verify_passkey.options, name="verify_passkey_options"),
    path("settings/two-step/passkey", passkey.add, name="passkey_add"),
    path("settings/two-step/passkey/options", passkey.options, name="passkey_add_options"),
]
