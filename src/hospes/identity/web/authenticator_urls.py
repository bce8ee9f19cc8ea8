"""Addresses of the Authenticator's web app."""

from __future__ import annotations

from django.urls import path

from hospes.identity.web import authenticator_app as app

urlpatterns = [
    path("authenticator", app.without_slash, name="authenticator_without_slash"),
    path("authenticator/", app.page, name="authenticator"),
    path("authenticator/sw.js", app.worker, name="authenticator_worker"),
    path("authenticator/manifest.webmanifest", app.manifest, name="authenticator_manifest"),
    path("authenticator/app/<slug:version>/<path:name>", app.file, name="authenticator_file"),
]
