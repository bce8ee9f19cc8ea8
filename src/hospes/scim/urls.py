"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.scim.api.entry import scim
from hospes.scim.web import directories

_ALL = "organizations/<uuid:organization>/directory"
_ONE = f"{_ALL}/<uuid:directory>"

urlpatterns = [
    path("scim/v2", scim, name="scim"),
    path("scim/v2/", scim, name="scim"),
    path("scim/v2/<path:path>", scim, name="scim"),
    path(_ALL, directories.index, name="directory"),
    path(f"{_ALL}/new", directories.create, name="directory_new"),
    path(_ONE, directories.detail, name="directory_detail"),
    path(f"{_ONE}/people.csv", directories.export, name="directory_csv"),
    path(f"{_ONE}/team", directories.claim, name="directory_team"),
    path(f"{_ONE}/token", directories.rotate, name="directory_token"),
    path(f"{_ONE}/disconnect", directories.end, name="directory_disconnect"),
]
