"""What is told of a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import serializers  # type: ignore[import-not-found,unused-ignore]

from bench.peers.drf.models import Product

if TYPE_CHECKING:
    from datetime import datetime


class Seconds(serializers.Field):  # type: ignore[misc,unused-ignore]
    """A moment as whole seconds since 1970."""

    def to_representation(self, value: datetime) -> int:
        """Return the seconds."""
        return int(value.timestamp())


class ProductSerializer(serializers.ModelSerializer):  # type: ignore[misc,unused-ignore]
    """A product by the names of the API."""

    account_id = serializers.IntegerField(source="organization_id", read_only=True)
    service_id = serializers.IntegerField(read_only=True)
    service_name = serializers.CharField(source="service.code", read_only=True)
    customer_name = serializers.SerializerMethodField()
    created_at = Seconds(read_only=True)
    expired_at = Seconds(source="expires_at", read_only=True)
    is_locked = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = (
            *("id", "account_id", "service_id", "service_name"),
            *("internal_name", "customer_name", "fqdn"),
            *("created_at", "expired_at", "is_free", "is_locked"),
        )
        read_only_fields = fields

    def get_customer_name(self, product: Product) -> str:
        """Return what it is called: by its holder, else by its host name or the provider."""
        return product.customer_name or product.fqdn or product.internal_name

    def get_is_locked(self, product: Product) -> bool:
        """Return whether the provider has locked it."""
        return product.locked_at is not None
