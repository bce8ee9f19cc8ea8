"""The tables as Hospes' migrations made them, with the columns that are needed and no more."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """A person."""

    state = models.CharField(max_length=10)
    two_step_since = models.DateTimeField(null=True)

    # What ``IsAuthenticated`` asks for.
    is_authenticated = True

    class Meta:
        managed = False
        db_table = "identity_account"

    def __str__(self) -> str:
        return str(self.pk)


class Organization(models.Model):
    """A customer."""

    two_step_required_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "organizations_organization"

    def __str__(self) -> str:
        return str(self.pk)


class Membership(models.Model):
    """An account's role in an organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10)

    class Meta:
        managed = False
        db_table = "organizations_membership"

    def __str__(self) -> str:
        return str(self.pk)


class Service(models.Model):
    """A kind of product."""

    code = models.SlugField(max_length=40)

    class Meta:
        managed = False
        db_table = "catalog_service"

    def __str__(self) -> str:
        return self.code


class Product(models.Model):
    """What an organization holds."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="products")
    service = models.ForeignKey(Service, models.PROTECT, related_name="products")
    internal_name = models.CharField(max_length=253)
    customer_name = models.CharField(max_length=128)
    fqdn = models.CharField(max_length=253)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    is_free = models.BooleanField()
    locked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "organizations_product"

    def __str__(self) -> str:
        return self.internal_name


class Team(models.Model):
    """Members who share rights."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="teams")

    class Meta:
        managed = False
        db_table = "organizations_team"

    def __str__(self) -> str:
        return str(self.pk)


class TeamMember(models.Model):
    """One member of one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="places")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="places")

    class Meta:
        managed = False
        db_table = "organizations_team_member"

    def __str__(self) -> str:
        return str(self.pk)


class Grant(models.Model):
    """A right on one product, on those of one service, or (``reach`` "all") on all of them."""

    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="grants")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="grants")
    product = models.ForeignKey(Product, models.CASCADE, null=True, related_name="grants")
    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="grants")
    reach = models.CharField(max_length=30)

    class Meta:
        managed = False
        db_table = "organizations_grant"

    def __str__(self) -> str:
        return self.reach


class ApiToken(models.Model):
    """A personal access token; instants are whole seconds since 1970."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="api_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=1000)
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    only_products = models.BooleanField()
    products = models.ManyToManyField(Product, through="ApiTokenProduct", related_name="+")
    networks = models.CharField(max_length=1000)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)
    last_used_ip = models.CharField(max_length=45)
    warned_at = models.BigIntegerField(null=True)
    deactivated_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "api_token"

    def __str__(self) -> str:
        return str(self.pk)


class ApiTokenProduct(models.Model):
    """One product that a token is limited to."""

    token = models.ForeignKey(ApiToken, models.CASCADE, db_column="apitoken_id", related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")

    class Meta:
        managed = False
        db_table = "api_token_product"

    def __str__(self) -> str:
        return str(self.pk)
