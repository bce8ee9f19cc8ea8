"""Addresses of this room; the API's endpoints are registered in ``api``."""

from __future__ import annotations

from django.urls import path

from hospes.api.web import (
    docs,
    leaked,
    token_create,
    token_revoke,
    tokens,
    webhooks,
    webhooks_log,
)

_ALL = "organizations/<uuid:organization>/webhooks"
_ONE = f"{_ALL}/<uuid:webhook>"
_SENT = f"{_ONE}/messages/<int:delivery>"

urlpatterns = [
    path("settings/tokens", tokens.index, name="settings_tokens"),
    path("settings/tokens.csv", tokens.export, name="settings_tokens_csv"),
    path("settings/tokens/new", token_create.create, name="settings_token_new"),
    path("settings/tokens/revoke", token_revoke.revoke, name="settings_tokens_revoke"),
    path("api/docs", docs.page, name="api_docs"),
    path("api/openapi.json", docs.document, name="api_openapi"),
    path("api/1/tokens/leaked", leaked.report, name="api_tokens_leaked"),
    path("api/tokens/leaked", leaked.report, name="api_tokens_leaked_newest"),
    path(_ALL, webhooks.index, name="webhooks"),
    path(f"{_ALL}.csv", webhooks.export, name="webhooks_csv"),
    path(f"{_ALL}/new", webhooks.create, name="webhook_new"),
    path(_ONE, webhooks_log.detail, name="webhook"),
    path(f"{_ONE}/messages.csv", webhooks_log.export, name="webhook_csv"),
    path(f"{_ONE}/edit", webhooks.edit, name="webhook_edit"),
    path(f"{_ONE}/secret", webhooks.rotate, name="webhook_secret"),
    path(f"{_ONE}/on", webhooks.enable, name="webhook_enable"),
    path(f"{_ONE}/off", webhooks.disable, name="webhook_disable"),
    path(f"{_ONE}/delete", webhooks.delete, name="webhook_delete"),
    path(f"{_ONE}/test", webhooks_log.test, name="webhook_test"),
    path(f"{_ONE}/replay", webhooks_log.replay_failed, name="webhook_replay"),
    path(_SENT, webhooks_log.show, name="webhook_delivery"),
    path(f"{_SENT}/replay", webhooks_log.replay, name="webhook_delivery_replay"),
]
