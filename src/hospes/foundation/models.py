"""Rows every room stands on: outbox, jobs, audit log, numbers, messages."""

from __future__ import annotations

from django.db import models


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction it happened in."""

    name = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "foundation_outbox_event"
        indexes = (
            models.Index(
                fields=["id"], name="outbox_waiting", condition=models.Q(dispatched_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Job(models.Model):
    """One piece of work, done at least once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    task = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    # One of registry.Lane.
    lane = models.CharField(max_length=20, default="main")
    # A job with a key is enqueued once, however often it is asked for.
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - many have none
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    # The process at work (services/holders.py).
    held_by = models.CharField(max_length=200, blank=True, default="")
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "foundation_job"
        indexes = (models.Index(fields=["state", "lane", "run_at"], name="job_due"),)

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"


class ScheduledRun(models.Model):
    """When a scheduled task last ran."""

    task = models.CharField(max_length=100, unique=True)
    last_run_at = models.DateTimeField()

    class Meta:
        db_table = "foundation_scheduled_run"

    def __str__(self) -> str:
        return self.task


class AuditEntry(models.Model):
    """Who did what, on what, from where. A database trigger refuses changes and deletions."""

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    # Plain numbers, not foreign keys: the entry outlives what it speaks of.
    actor_account_id = models.BigIntegerField(null=True)
    subject_account_id = models.BigIntegerField(null=True)
    organization_id = models.BigIntegerField(null=True)
    target = models.CharField(max_length=120, blank=True, default="")
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=400, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "foundation_audit_entry"
        indexes = (
            models.Index(fields=["subject_account_id", "-id"], name="audit_subject"),
            models.Index(fields=["organization_id", "-id"], name="audit_organization"),
            models.Index(fields=["action", "-id"], name="audit_action"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class NumberSetting(models.Model):
    """A number of the product that the provider has changed; absent means the default."""

    key = models.CharField(max_length=100, unique=True)
    value = models.JSONField()
    updated_at = models.DateTimeField()
    updated_by_account_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "foundation_number_setting"

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """A mail, SMS or push to deliver. The content is sealed, and wiped once delivered."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"
        PUSH = "push"

    channel = models.CharField(max_length=5, choices=Channel)
    recipient = models.CharField(max_length=320)
    kind = models.CharField(max_length=80)
    locale = models.CharField(max_length=5)
    content_sealed = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "foundation_message"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MailboxEntry(models.Model):
    """A message that the development mailbox shows instead of sending it."""

    channel = models.CharField(max_length=5)
    sender = models.CharField(max_length=320, blank=True, default="")
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=300, blank=True, default="")
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        db_table = "foundation_mailbox_entry"

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
