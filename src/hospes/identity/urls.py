"""Addresses of this room: signing up and in, and the settings pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.api import urls as api_urls
from hospes.identity.web import (
    accounts,
    authenticator_urls,
    confirm_password,
    recover,
    settings_urls,
    sign_in,
    sign_up,
)
from hospes.identity.web.getting_back import urls as getting_back_urls
from hospes.identity.web.two_step import pages_urls, passkey_urls, push_urls, verify_urls

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("sign-up", sign_up.begin, name="sign_up"),
    path("sign-up/sent", sign_up.sent, name="sign_up_sent"),
    path("sign-up/confirm/<str:token>", sign_up.confirm, name="sign_up_confirm"),
    path("sign-up/new-password/<str:token>", sign_up.new_password, name="sign_up_new_password"),
    path("sign-up/not-me/<str:token>", sign_up.not_me, name="sign_up_not_me"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/choose", accounts.choose, name="choose_account"),
    path("sign-in/not-me/<str:token>", recover.not_me, name="sign_in_not_me"),
    path("sign-in/confirm", confirm_password.confirm, name="confirm_password"),
    path("sign-out", accounts.sign_out, name="sign_out"),
    path("accounts", accounts.manage, name="manage_accounts"),
    path("accounts/switch", accounts.switch, name="switch_account"),
    path("accounts/remove", accounts.remove, name="remove_account"),
    path("recover", recover.ask, name="recover"),
    path("recover/sent", recover.sent, name="recover_sent"),
    *getting_back_urls.urlpatterns,
    path("recover/<str:token>", recover.reset, name="recover_reset"),
    *verify_urls.urlpatterns,
    *push_urls.urlpatterns,
    *pages_urls.urlpatterns,
    *passkey_urls.urlpatterns,
    *api_urls.urlpatterns,
    *settings_urls.urlpatterns,
    *authenticator_urls.urlpatterns,
]
