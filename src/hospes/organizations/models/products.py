"""What organizations hold."""

from __future__ import annotations

from django.db import models

from hospes.organizations.models.organization import Organization, Tag


class Product(models.Model):
    """A thing that an organization holds, and the catalogue entry it came from.

    It lives here, below orders and renewals, because rights are granted on it (ADR 15).
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="products"
    )
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    # As the provider's systems call it; ``customer_name`` is what the customer calls it.
    internal_name = models.CharField(max_length=253)
    customer_name = models.CharField(max_length=128, blank=True, default="")
    # "" where the thing has no host name.
    fqdn = models.CharField(max_length=253, blank=True, default="")
    created_at = models.DateTimeField()
    # Null: it has no end.
    expires_at = models.DateTimeField(null=True)
    is_free = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True)
    tags = models.ManyToManyField(
        Tag, related_name="products", db_table="organizations_product_tag"
    )

    class Meta:
        db_table = "organizations_product"
        indexes = (
            models.Index(fields=["organization", "service"], name="product_by_service"),
            models.Index(fields=["organization", "fqdn"], name="product_by_fqdn"),
        )

    def __str__(self) -> str:
        return self.customer_name or self.internal_name
