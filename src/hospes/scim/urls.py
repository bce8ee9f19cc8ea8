"""Addresses of this room."""

from __future__ import annotations

from django.urls import re_path

from hospes.scim.api.entry import scim

urlpatterns = [
    re_path(r"^scim/v2(?:/(?P<path>.*))?$", scim, name="scim"),
]
