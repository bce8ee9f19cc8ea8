"""Asynchronous tasks: what a client may ask the progress of."""

from __future__ import annotations

from django.db import models


class AsyncTask(models.Model):
    """Work that an API call began and a worker finishes."""

    class Status(models.TextChoices):
        SPOOLED = "spooled"
        RUNNING = "running"
        EXECUTED = "executed"
        FAILED = "failed"

    uuid = models.CharField(max_length=36, unique=True)
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        "organizations.Organization", null=True, on_delete=models.CASCADE, related_name="+"
    )
    # Names what is done, as ``room.verb``.
    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.SPOOLED)
    response = models.JSONField(null=True)
    error = models.JSONField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    executed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_task"
        indexes = (models.Index(fields=["account", "-created_at"], name="task_by_account"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.status}"
