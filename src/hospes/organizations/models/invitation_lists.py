"""Lists of people invited at once: what was asked for, and what came of each row."""

from __future__ import annotations

from django.db import models

from hospes.organizations.models.invitations import Invitation
from hospes.organizations.models.organization import Organization


class InvitationList(models.Model):
    """People to invite with one click; a job goes through the rows."""

    # Made by the form, so that sending it twice invites once.
    public_id = models.CharField(max_length=36, unique=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitation_lists"
    )
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whence it was asked, for the audit log.
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=400, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organizations_invitation_list"

    def __str__(self) -> str:
        return self.public_id


class InvitationRow(models.Model):
    """One person of a list."""

    class State(models.TextChoices):
        WAITING = "waiting"
        INVITED = "invited"
        REFUSED = "refused"

    # Why it was refused: field, code and parameters of each fault. (Before ``list``, which is
    # another thing from here on.)
    faults = models.JSONField(default=list)
    list = models.ForeignKey(InvitationList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    email = models.CharField(max_length=254)
    # The whole command, as plain values.
    wanted = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    invitation = models.ForeignKey(
        Invitation, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        db_table = "organizations_invitation_row"
        constraints = (
            models.UniqueConstraint(fields=["list", "number"], name="invitation_row_once"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.email}, {self.state}"
