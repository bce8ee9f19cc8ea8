"""API tokens. Instants are whole seconds since 1970: the hot plane reads them (ADR 4)."""

from __future__ import annotations

from django.db import models


class ApiToken(models.Model):
    """A personal access token of the REST API, stored as SHA-256 and shown once."""

    account = models.ForeignKey(
        "identity.Account", on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    # Space-separated, sorted; fixed at creation, as is everything below it that limits.
    scope = models.CharField(max_length=1000)
    # Null: every organization the account belongs to.
    organization = models.ForeignKey(
        "organizations.Organization", null=True, on_delete=models.CASCADE, related_name="+"
    )
    # Whether it reaches only ``products``; a product that is deleted leaves it fewer, not more.
    only_products = models.BooleanField(default=False)
    products = models.ManyToManyField(
        "organizations.Product", related_name="+", db_table="api_token_product"
    )
    # Space-separated networks in CIDR form; "" lets every address in.
    networks = models.CharField(max_length=1000, blank=True, default="")
    created_at = models.BigIntegerField()
    created_ip = models.CharField(max_length=45, blank=True, default="")
    # Null: until revoked or a year unused.
    expires_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)
    last_used_ip = models.CharField(max_length=45, blank=True, default="")
    # When its owner was told that it will be switched off for silence.
    warned_at = models.BigIntegerField(null=True)
    deactivated_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    # Names the form that made it: sending the same form again makes no second token.
    form_key = models.CharField(max_length=43, null=True)  # noqa: DJ001 - many have none

    class Meta:
        db_table = "api_token"
        constraints = (
            models.UniqueConstraint(fields=["account", "form_key"], name="api_token_once_per_form"),
        )

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"
