"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.organizations.web import switching

urlpatterns = [
    path("organizations/switch", switching.switch, name="switch_organization"),
]
