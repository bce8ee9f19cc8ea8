"""Organizations (the customers) and who belongs to them."""

from __future__ import annotations

from django.db import models


class Organization(models.Model):
    """The customer: owns products, invoices, domains and applications."""

    public_id = models.CharField(max_length=36, unique=True)
    name = models.CharField(max_length=128)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organizations_organization"

    def __str__(self) -> str:
        return self.name


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
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organizations_membership"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "account"], name="membership_once_per_organization"
            ),
        )

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
