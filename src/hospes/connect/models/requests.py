"""Requests that wait: for a browser, a phone, or a code typed in."""

from __future__ import annotations

from django.db import models

from hospes.connect.models.applications import Application
from hospes.connect.models.grants import Grant


class BackchannelRequest(models.Model):
    """An application asks a person on the phone (CIBA), and fetches tokens once for a YES.

    How it stands is the challenge's to say, whose ``backchannel_id`` is our ``public_id``.
    """

    public_id = models.CharField(max_length=36)
    auth_req_hash = models.CharField(max_length=64)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    # Made by the YES.
    grant = models.ForeignKey(Grant, null=True, on_delete=models.SET_NULL, related_name="+")
    scope = models.CharField(max_length=500)
    # For a ping: the application's token and the auth_req_id, as JSON; "" once it was sent.
    notification_sealed = models.TextField(blank=True, default="")
    # How long the application has to wait between two questions; more after each hasty one.
    interval_seconds = models.PositiveSmallIntegerField()
    polled_at = models.BigIntegerField(null=True)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_backchannel_request"
        indexes = (models.Index(fields=["expires_at"], name="backchannel_expires"),)
        constraints = (
            models.UniqueConstraint(fields=["public_id"], name="backchannel_public_id_once"),
            models.UniqueConstraint(fields=["auth_req_hash"], name="auth_req_hash_once"),
        )

    def __str__(self) -> str:
        return self.public_id


class PushedRequest(models.Model):
    """An authorization request that the application sent ahead (RFC 9126); good once."""

    uri_hash = models.CharField(max_length=64)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    # The parameters as JSON, already judged once; what they say is judged again when used.
    parameters = models.TextField()
    # As on AuthorizationCode: which key the code will be bound to.
    bound_to = models.CharField(max_length=60, blank=True, default="", db_default="")
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_pushed_request"
        indexes = (models.Index(fields=["expires_at"], name="pushed_request_expires"),)
        constraints = (
            models.UniqueConstraint(fields=["uri_hash"], name="pushed_request_uri_once"),
        )

    def __str__(self) -> str:
        return f"pushed request {self.pk}"


class DeviceRequest(models.Model):
    """A device without a browser waits for somebody to type its code in elsewhere (RFC 8628)."""

    device_code_hash = models.CharField(max_length=64)
    # Of the code as it is typed, without blanks and hyphens, in capitals.
    user_code_hash = models.CharField(max_length=64)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=500)
    resources = models.TextField(blank=True, default="", db_default="")
    # Made by the person's YES.
    grant = models.ForeignKey(Grant, null=True, on_delete=models.SET_NULL, related_name="+")
    refused_at = models.BigIntegerField(null=True)
    interval_seconds = models.PositiveSmallIntegerField()
    polled_at = models.BigIntegerField(null=True)
    # Where the device asked from, for the person to compare.
    address = models.CharField(max_length=45, blank=True, default="")
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_device_request"
        indexes = (models.Index(fields=["expires_at"], name="device_request_expires"),)
        constraints = (
            models.UniqueConstraint(fields=["device_code_hash"], name="device_code_hash_once"),
            models.UniqueConstraint(fields=["user_code_hash"], name="user_code_hash_once"),
        )

    def __str__(self) -> str:
        return f"device request {self.pk}"
