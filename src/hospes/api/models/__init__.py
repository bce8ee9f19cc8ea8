"""API tokens, asynchronous tasks, webhooks."""

from hospes.api.models.tasks import AsyncTask
from hospes.api.models.tokens import ApiToken
from hospes.api.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookMessage

__all__ = [
    "ApiToken",
    "AsyncTask",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookMessage",
]
