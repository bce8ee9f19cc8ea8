"""Addresses of this room; the API's endpoints are registered in ``api``."""

from __future__ import annotations

from django.urls import path

from hospes.api.web import leaked, token_create, token_revoke, tokens

urlpatterns = [
    path("settings/tokens", tokens.index, name="settings_tokens"),
    path("settings/tokens.csv", tokens.export, name="settings_tokens_csv"),
    path("settings/tokens/new", token_create.create, name="settings_token_new"),
    path("settings/tokens/revoke", token_revoke.revoke, name="settings_tokens_revoke"),
    path("api/1/tokens/leaked", leaked.report, name="api_tokens_leaked"),
    path("api/tokens/leaked", leaked.report, name="api_tokens_leaked_newest"),
]
