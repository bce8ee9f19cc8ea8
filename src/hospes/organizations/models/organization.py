"""Organizations: the customers, their addresses and labels."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Organization(models.Model):
    """The customer: owns products, invoices, domains and applications."""

    class LegalType(models.TextChoices):
        """As the published API names them; ``restrict`` is a customer the provider limits."""

        INDIVIDUAL = "individual"
        COMPANY = "company"
        PUBLIC_BODY = "public_body"
        RESTRICT = "restrict"

    public_id = models.CharField(max_length=36, unique=True)
    name = models.CharField(max_length=128)
    legal_type = models.CharField(max_length=12, choices=LegalType, default=LegalType.INDIVIDUAL)
    # "" where it goes by the language and time zone of whoever acts.
    language = models.CharField(max_length=5, blank=True, default="")
    timezone = models.CharField(max_length=64, blank=True, default="")
    website = models.CharField(max_length=2000, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    # Free lines that the customer wants on each invoice.
    invoice_field1 = models.CharField(max_length=120, blank=True, default="")
    invoice_field2 = models.CharField(max_length=120, blank=True, default="")
    # Name of the stored picture's files, as on an account.
    logo = models.CharField(max_length=100, blank=True, default="")
    # Set while every member has to have two-step verification.
    two_step_required_at = models.DateTimeField(null=True)
    # Set while the provider keeps the customer from acting.
    blocked_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organizations_organization"

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """Where an organization is, or where its invoices go."""

    class Kind(models.TextChoices):
        MAIN = "main"
        BILLING = "billing"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="addresses"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    street = models.CharField(max_length=120, blank=True, default="")
    street2 = models.CharField(max_length=120, blank=True, default="")
    zip = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=80, blank=True, default="")
    # ISO 3166-1 alpha-2, upper case.
    country = models.CharField(max_length=2)
    for_invoice = models.BooleanField(default=False)

    class Meta:
        db_table = "organizations_address"
        constraints = (
            models.UniqueConstraint(fields=["organization", "kind"], name="address_once_per_kind"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(for_invoice=True),
                name="one_invoice_address_per_organization",
            ),
        )

    def __str__(self) -> str:
        return f"{self.zip} {self.city}, {self.country}"


class Tag(models.Model):
    """A label that an organization puts on its products."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)
    # Index into the palette of ``domain/colours.py``.
    color_id = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "organizations_tag"
        constraints = (models.UniqueConstraint(fields=["organization", "name"], name="tag_once"),)

    def __str__(self) -> str:
        return self.name
