"""Addresses of the Authenticator's endpoints; the room's ``urls`` includes them.

``GET /api/2fa/push/challenges`` is answered by the hot plane (``edge/phones.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.identity.api import phones

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("api/2fa/link/preview", phones.preview, name="api_link_preview"),
    path("api/2fa/link", phones.link, name="api_link"),
    path("api/2fa/push/challenges/<uuid:uuid>", phones.challenge, name="api_challenge"),
    path("api/2fa/push/key", phones.key, name="api_push_key"),
    path("api/1/devices/current", phones.current, name="api_device"),
]
