"""What was answered to a request that may be sent again."""

from __future__ import annotations

from django.db import models


class IdempotentAnswer(models.Model):
    """The answer to a write that named itself with an ``Idempotency-Key``.

    The header follows draft-ietf-httpapi-idempotency-key-header.
    """

    # Who sent it, as ``token:<id>``.
    holder = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    # SHA-256 over method, path, query and body: the same key with another request is refused.
    fingerprint = models.CharField(max_length=64)
    # Null while the first request is still under way.
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "rest_idempotent_answer"
        constraints = (
            models.UniqueConstraint(fields=["holder", "key_hash"], name="idempotency_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.holder}: {self.status}"
