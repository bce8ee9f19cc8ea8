"""Connected directories, and the people and groups they keep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Directory(models.Model):
    """A company's directory that may write an organization's members and teams."""

    public_id = models.CharField(max_length=36, unique=True)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="directories"
    )
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # Names the form that made it: sending the same form again makes no second one.
    form_key = models.CharField(max_length=43, null=True)  # noqa: DJ001 - many have none

    class Meta:
        db_table = "scim_directory"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "form_key"], name="directory_once_per_form"
            ),
        )

    def __str__(self) -> str:
        return self.name


class DirectoryUser(models.Model):
    """A User resource (RFC 7643 §4.1): first an invitation, a member once it was accepted.

    Nobody is made a member without having agreed once: the directory's word alone opens no
    door to somebody else's account.
    """

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="users")
    public_id = models.CharField(max_length=36, unique=True)
    # Compared without case (RFC 7643 §4.1.1): ``user_name_folded`` is what must be unique.
    user_name = models.CharField(max_length=254)
    user_name_folded = models.CharField(max_length=762)
    external_id = models.CharField(max_length=254, blank=True, default="")
    active = models.BooleanField(default=True)
    # Whoever accepted; stays when the directory makes the person inactive.
    account = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invitation = models.ForeignKey(
        "organizations.Invitation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whether it was made for this user: one that somebody sent by hand is not the directory's
    # to change or take back.
    invited_here = models.BooleanField(default=False)
    # The resource's other attributes as the directory gave them.
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "scim_user"
        constraints = (
            models.UniqueConstraint(
                fields=["directory", "user_name_folded"], name="scim_user_name_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["directory", "external_id"],
                condition=~Q(external_id=""),
                name="scim_user_by_external_id",
            ),
        )

    def __str__(self) -> str:
        return self.user_name


class DirectoryGroup(models.Model):
    """A Group resource (RFC 7643 §4.2): one of the organization's work teams."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="groups")
    public_id = models.CharField(max_length=36, unique=True)
    external_id = models.CharField(max_length=254, blank=True, default="")
    team = models.OneToOneField(
        "organizations.Team", on_delete=models.CASCADE, related_name="directory_group"
    )
    # Users who have not accepted yet: they get their place in the team when they do.
    waiting = models.ManyToManyField(
        DirectoryUser, related_name="groups_to_come", db_table="scim_group_waiting"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "scim_group"

    def __str__(self) -> str:
        return self.public_id
