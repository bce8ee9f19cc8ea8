"""Inviting a list of people as an asynchronous task."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.api.services import tasks
from hospes.foundation.errors import NotFound
from hospes.kit.faults import Fault
from hospes.organizations.models import InvitationList, InvitationRow
from hospes.organizations.services import inviting_many
from hospes.rest.faults import Problem, of_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hospes.api.models import AsyncTask
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Membership
    from hospes.organizations.services.invitation_checks import Invite

KIND = "organizations.invite_many"
SCOPES = frozenset({"accounts:read", "accounts:write"})
# What the commands call the fields of a body.
ATTRIBUTES = {
    "team_ids": "teams",
    "grants": "permissions",
    "role": "role_type",
    "language": "locale",
    "": "invitations",
}


@transaction.atomic
def begin(invitations: Sequence[Invite], *, acting_member: Membership, origin: Origin) -> AsyncTask:
    """Write the list down and have it sent; who cannot be invited is named by the task.

    Raises:
        Denied, Refused: as ``inviting_many.begin``.

    """
    rows = inviting_many.judge_commands(invitations, acting_member=acting_member)
    made = inviting_many.begin(
        inviting_many.InviteMany(str(uuid.uuid4()), rows),
        acting_member=acting_member,
        origin=origin,
    )
    return tasks.begin(
        KIND, acting_member.account, acting_member.organization, {"list_id": made.pk}
    )


def look(task: AsyncTask) -> dict[str, Any] | tasks.Later:
    """Return what became of each row, once the list's own job went through all of them.

    Raises:
        NotFound: the list is gone.
        Problem: ``unexpected_error`` where nothing sends it any longer.

    """
    list_id = int(task.arguments["list_id"])
    # Asked first: a job that ends between the two questions left a finished list.
    is_sent = inviting_many.is_being_sent(list_id)
    found = InvitationList.objects.filter(pk=list_id).first()
    if found is None:
        raise NotFound
    if found.finished_at is None:
        if not is_sent:
            raise Problem("unexpected_error")
        return tasks.Later()
    rows = list(found.rows.order_by("number"))
    invited = sum(row.state == InvitationRow.State.INVITED for row in rows)
    return {
        "invited": invited,
        "refused": len(rows) - invited,
        "invitations": [_told(row) for row in rows],
    }


def _told(row: InvitationRow) -> dict[str, Any]:
    faults = [Fault(each["field"], each["code"], each["params"]) for each in row.faults]
    told: dict[str, Any] = {
        # Where it stood in the body, from 0.
        "index": row.number - 1,
        "email": row.email,
        "status": row.state,
        "invitation_id": row.invitation_id,
    }
    if faults:
        told["errors"] = of_refusal(faults, ATTRIBUTES, {}).as_json()["errors"]
    return told
