"""Who belongs to which organization, and which one a sign-in looks at."""

from __future__ import annotations

from django.db import models

from hospes.organizations.models.organization import Organization


class Membership(models.Model):
    """An account's role in an organization."""

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        NORMAL = "normal"
        CLIENT = "client"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    account = models.ForeignKey(
        "identity.Account", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role)
    # Whether a collaborator or external user may see invoices and payments.
    has_billing = models.BooleanField(default=False)
    # What this member wants to be mailed: invoices and payments; news of products.
    mails_billing = models.BooleanField(default=True)
    mails_products = models.BooleanField(default=True)
    # When this member was last asked to set up two-step verification.
    two_step_asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organizations_membership"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "account"], name="membership_once_per_organization"
            ),
        )
        indexes = (models.Index(fields=["organization", "role"], name="membership_by_role"),)

    def __str__(self) -> str:
        return f"{self.account_id} in {self.organization_id}: {self.role}"


class CurrentOrganization(models.Model):
    """Which organization a sign-in session looks at; without a row, the oldest membership."""

    session = models.OneToOneField(
        "identity.Session", on_delete=models.CASCADE, related_name="current_organization"
    )
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "organizations_current"

    def __str__(self) -> str:
        return f"{self.session_id} looks at {self.organization_id}"
