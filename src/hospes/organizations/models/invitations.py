"""Invitations into an organization."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hospes.organizations.models.members import Membership
from hospes.organizations.models.organization import Organization
from hospes.organizations.models.teams import Team


class Invitation(models.Model):
    """Somebody asked to join. Its link is stored as SHA-256 and works once."""

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        CANCELLED = "cancelled"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    # Lower case, as accounts have theirs.
    email = models.CharField(max_length=254)
    first_name = models.CharField(max_length=128)
    last_name = models.CharField(max_length=128)
    language = models.CharField(max_length=5)
    role = models.CharField(max_length=10, choices=Membership.Role)
    # Whether only an account with this very address may accept.
    is_strict = models.BooleanField(default=True)
    # Whether no mail was sent: whoever invites hands the link over.
    is_silent = models.BooleanField(default=False)
    has_billing = models.BooleanField(default=False)
    mails_billing = models.BooleanField(default=False)
    mails_products = models.BooleanField(default=False)
    teams = models.ManyToManyField(
        Team, related_name="invitations", db_table="organizations_invitation_team"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_times = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        db_table = "organizations_invitation"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(status="pending"),
                name="one_pending_invitation_per_address",
            ),
        )
        indexes = (models.Index(fields=["organization", "status"], name="invitation_by_status"),)

    def __str__(self) -> str:
        return f"{self.email} into {self.organization_id}: {self.status}"
