"""``/accounts/{account}/invitations/bulk``: inviting up to a thousand people with one call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.api.schemas.tasks import NewInvitations
from hospes.api.services import bulk_inviting
from hospes.organizations.api import access, invitations
from hospes.rest.answers import Started
from hospes.rest.faults import Problem, Wrong, wrong
from hospes.rest.routes import Route

if TYPE_CHECKING:
    from hospes.organizations.services.invitation_checks import Invite
    from hospes.rest.calls import Call

_BODY_LIMIT = 2 * 1024 * 1024


def invite_many(call: Call, account: int) -> Started:
    """Begin inviting people."""
    member = access.leading(call, account)
    commands = _commands(call.body)
    task = bulk_inviting.begin(commands, acting_member=member, origin=call.origin)
    return Started(task.uuid)


def _commands(body: NewInvitations) -> list[Invite]:
    """Return the commands for a body.

    Raises:
        Problem: with what is wrong in any of them.

    """
    commands: list[Invite] = []
    wrongs: list[Wrong] = []
    for number, each in enumerate(body.invitations):
        place = f"invitations.{number}"
        if each.silent:
            # Its link would be shown to nobody.
            wrongs.append(wrong(f"{place}.silent", "prohibited"))
        try:
            commands.append(invitations.command_of(each))
        except Problem as problem:
            wrongs += [
                replace(error, attribute=f"{place}.{error.attribute}") for error in problem.errors
            ]
    if wrongs:
        raise Problem("validation_failed", *wrongs)
    return commands


ROUTES = (
    Route(
        "POST",
        "/accounts/{account}/invitations/bulk",
        version=1,
        tag=invitations.TAG,
        scope="accounts:write",
        admits=access.leads,
        handler=invite_many,
        summary="Invite many users",
        description=(
            "Asks up to a thousand people to join, in the background. What became of each is in "
            "the task's `response`: `invited` and `refused` count them, and `invitations` holds "
            "`index`, `email`, `status`, `invitation_id` and, for who could not be invited, "
            "`errors`. Refused as a whole where not one of them can be invited."
        ),
        answer=str,
        parameters={"account": "The organization's number."},
        body=NewInvitations,
        body_limit=_BODY_LIMIT,
        status=202,
        attributes=bulk_inviting.ATTRIBUTES,
        is_async=True,
    ),
)
