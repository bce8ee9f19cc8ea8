"""Addresses of the Authenticator's pages; ``GET /sign-in/verify/state`` is the hot plane's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.web.two_step import link_phone, verify_push

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("sign-in/verify/push", verify_push.push, name="verify_push"),
    path("settings/two-step/authenticator", link_phone.begin, name="link_phone"),
    path(
        "settings/two-step/authenticator/<uuid:public_id>", link_phone.show, name="link_phone_done"
    ),
    path(
        "settings/two-step/authenticator/<uuid:public_id>/state",
        link_phone.state,
        name="link_phone_state",
    ),
    path("2fa/authorize", link_phone.authorize, name="authorize_phone"),
]
