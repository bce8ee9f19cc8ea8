"""Work teams, and the rights that teams, members and invitations hold on products."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from hospes.organizations.domain.team_names import name_key
from hospes.organizations.models.members import Membership
from hospes.organizations.models.organization import Organization
from hospes.organizations.models.products import Product


class Team(models.Model):
    """Members of an organization, externals too, who share rights."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=128)
    # The name as it is compared: "Web" and "WEB" are one team. No database folds every letter.
    name_key = models.CharField(max_length=384, editable=False)
    # Index into the palette of ``domain/colours.py``.
    color_id = models.PositiveSmallIntegerField(default=0)
    # Who to turn to; emptied when the leader leaves the organization.
    leader = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="led_teams"
    )
    members = models.ManyToManyField(Membership, through="TeamMember", related_name="teams")
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "organizations_team"
        constraints = (
            models.UniqueConstraint(fields=["organization", "name_key"], name="team_name_once"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, **how: Any) -> None:
        """Store it, with its name as it is compared."""
        self.name_key = name_key(self.name)
        fields = how.get("update_fields")
        if fields is not None and "name" in fields:
            how["update_fields"] = {*fields, "name_key"}
        super().save(**how)


class TeamMember(models.Model):
    """One member of one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="places")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "organizations_team_member"
        constraints = (
            models.UniqueConstraint(fields=["team", "membership"], name="team_member_once"),
        )

    def __str__(self) -> str:
        return f"{self.membership_id} in team {self.team_id}"


class Grant(models.Model):
    """One right on something, held by exactly one team, member or invitation.

    It reaches one product; every product of one service, future ones too; or, with neither,
    every product the organization has and will have.
    """

    class Right(models.TextChoices):
        TECHNICAL = "technical"
        STATISTIC = "statistic"
        CHECK = "check"
        SALE = "sale"

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="grants")
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.CASCADE, related_name="grants"
    )
    invitation = models.ForeignKey(
        "organizations.Invitation", null=True, on_delete=models.CASCADE, related_name="grants"
    )
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="grants")
    service = models.ForeignKey(
        "catalog.Service", null=True, on_delete=models.CASCADE, related_name="+"
    )
    # What it reaches, in one word: "all", "service:7" or "product:42".
    reach = models.CharField(max_length=30)
    right = models.CharField(max_length=10, choices=Right)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organizations_grant"
        constraints = (
            models.CheckConstraint(
                name="grant_has_one_holder",
                condition=(
                    Q(team__isnull=False, membership__isnull=True, invitation__isnull=True)
                    | Q(team__isnull=True, membership__isnull=False, invitation__isnull=True)
                    | Q(team__isnull=True, membership__isnull=True, invitation__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="grant_reaches_one_thing",
                condition=Q(product__isnull=True) | Q(service__isnull=True),
            ),
            models.UniqueConstraint(fields=["team", "reach", "right"], name="grant_once_per_team"),
            models.UniqueConstraint(
                fields=["membership", "reach", "right"], name="grant_once_per_member"
            ),
            models.UniqueConstraint(
                fields=["invitation", "reach", "right"], name="grant_once_per_invitation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.right} on {self.reach}"
