"""Addresses of getting back in without password, login or address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.web import recover
from hospes.identity.web.getting_back import pages

if TYPE_CHECKING:
    from django.urls import URLPattern

# Before ``recover/<token>``, which would take them for values.
urlpatterns: list[URLPattern] = [
    path("recover/code", recover.code, name="recover_code"),
    path("recover/login", pages.login, name="recover_login"),
    path("recover/login/sent", pages.login_sent, name="recover_login_sent"),
    path("recover/help", pages.ask_for_help, name="recover_help"),
    path("recover/help/<str:token>", pages.case, name="recover_case"),
    path("sign-in/new-address", pages.new_address, name="new_address"),
]
