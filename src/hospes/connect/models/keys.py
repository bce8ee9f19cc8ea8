"""The provider's own keys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SigningKey(models.Model):
    """A key that signs ID tokens. Three algorithms are always published."""

    kid = models.CharField(max_length=43, unique=True)
    alg = models.CharField(max_length=6)
    public_jwk = models.JSONField()
    private_jwk_sealed = models.TextField()
    created_at = models.BigIntegerField()
    # Signs from here on; published before, so that caches know it.
    signs_from = models.BigIntegerField()
    # Published until here; null: the present key.
    published_until = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_signing_key"
        constraints = (
            models.CheckConstraint(
                condition=Q(alg__in=["RS256", "ES256", "EdDSA"]), name="signing_key_alg"
            ),
            # However many processes start or rotate at once, one present key stands.
            models.UniqueConstraint(
                fields=["alg"],
                condition=Q(published_until__isnull=True),
                name="signing_key_one_present_per_alg",
            ),
        )

    def __str__(self) -> str:
        return f"{self.alg} {self.kid}"
