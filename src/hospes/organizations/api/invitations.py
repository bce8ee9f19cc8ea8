"""``/accounts/{account}/invitations``: people asked to join."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import segno

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.kit import published
from hospes.organizations.api import access, shaping, wanted
from hospes.organizations.domain import invitations as rules
from hospes.organizations.models import Grant, Invitation
from hospes.organizations.schemas import people as shapes
from hospes.organizations.services import invitations as services
from hospes.rest.answers import DONE, Item, Rows
from hospes.rest.faults import Problem, wrong
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.db.models import QuerySet

    from hospes.organizations.models import Membership, Team
    from hospes.rest.calls import Call

TAG = "Invitations"
_EXPAND = {
    "team_ids": "Teams to join.",
    "teams": "The same by name.",
    "permissions": "Rights it gives.",
}
_STATES = ("pending", "accepted", "rejected", "cancelled", "expired")


def list_invitations(call: Call, account: int) -> Rows:
    """Answer the organization's invitations."""
    member = access.leading(call, account)
    return Rows(_invitations(member), partial(_shaped, call))


def list_user_invitations(call: Call, account: int, user: int) -> Rows:
    """Answer the invitations that a person accepted, or made."""
    member = access.leading(call, account)
    field = "created_by" if call.word("type") == "created" else "accepted_by"
    return Rows(_invitations(member).filter(**{field: user}), partial(_shaped, call))


def show_invitation(call: Call, account: int, invitation: int) -> Item:
    """Answer one invitation."""
    member = access.leading(call, account)
    (shape,) = _shaped(call, [_one(member, invitation)])
    return Item(shape)


def invite(call: Call, account: int) -> Item:
    """Invite somebody."""
    member = access.leading(call, account)
    made = services.invite(command_of(call.body), acting_member=member, origin=call.origin)
    return Item(_with_link(call, member, made))


def resend(call: Call, account: int, invitation: int) -> Item:
    """Send an invitation again, with a new link."""
    member = access.leading(call, account)
    made = services.resend(_one(member, invitation), acting_member=member, origin=call.origin)
    return Item(_with_link(call, member, made))


def change_invitation(call: Call, account: int, invitation: int) -> Item:
    """Change what a waiting invitation will give."""
    member = access.leading(call, account)
    body = call.body
    services.change_invitation(
        services.ChangeInvitation(
            invitation=_one(member, invitation),
            role=body.role_type,
            language=_language(body.language_id),
            team_ids=None if body.team_ids is None else frozenset(body.team_ids),
            grants=None
            if body.permissions is None
            else wanted.grants(body.permissions, "permissions"),
            has_billing=body.has_billing,
            mails_billing=body.has_billing_mailing,
            mails_products=body.has_mailing,
        ),
        acting_member=member,
        origin=call.origin,
    )
    (shape,) = _shaped(call, [_one(member, invitation)])
    return Item(shape)


def cancel_invitation(call: Call, account: int, invitation: int) -> Item:
    """Take a waiting invitation back."""
    member = access.leading(call, account)
    services.cancel(_one(member, invitation), acting_member=member, origin=call.origin)
    return DONE


def command_of(body: shapes.NewInvitation) -> services.Invite:
    """Return the command for a body."""
    return services.Invite(
        email=body.email,
        first_name=body.first_name,
        last_name=body.last_name,
        language=published.language_of_locale(body.locale) or body.locale,
        role=body.role_type,
        team_ids=frozenset(body.teams),
        grants=wanted.grants(body.permissions.products, "permissions.products"),
        has_billing=body.permissions.billing,
        mails_billing=body.notifications.billing,
        mails_products=body.notifications.products,
        is_strict=body.strict,
        is_silent=body.silent,
    )


def _language(number: int | None) -> str | None:
    if number is None:
        return None
    found = published.language_of(number)
    if not found:
        known = [known for known, _ in published.LANGUAGES.values()]
        raise Problem("validation_failed", wrong("language_id", "in", known))
    return found


def _with_link(call: Call, member: Membership, made: services.Invited) -> shapes.Invitation:
    (shape,) = _shaped(call, [_one(member, made.invitation.pk)])
    shape.url_accept = made.url
    shape.qr_code = segno.make(made.url).svg_data_uri(scale=4)
    return shape


def _invitations(member: Membership) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organization_id=member.organization_id)


def _one(member: Membership, invitation: int) -> Invitation:
    found = _invitations(member).select_related("organization").filter(pk=invitation).first()
    if found is None:
        raise NotFound
    return found


def _shaped(call: Call, rows: Sequence[Invitation]) -> list[shapes.Invitation]:
    now = clock.now()
    keys = [row.pk for row in rows]
    teams: dict[int, list[Team]] = defaultdict(list)
    if call.wants("team_ids") or call.wants("teams"):
        links = Invitation.teams.through.objects.filter(invitation__in=keys)
        for link in links.order_by("team_id").select_related("team"):
            teams[link.invitation_id].append(link.team)
    held: dict[int, list[Grant]] = defaultdict(list)
    if call.wants("permissions"):
        grants = Grant.objects.filter(invitation__in=keys).select_related("service")
        for grant in grants.order_by("pk"):
            held[grant.invitation_id or 0].append(grant)
    found = []
    for row in rows:
        shape = shapes.Invitation(
            id=row.pk,
            account_id=row.organization_id,
            email=row.email,
            first_name=row.first_name,
            last_name=row.last_name,
            locale=published.locale_of(row.language),
            language_id=published.language_number(row.language),
            role_type=row.role,
            status=rules.state_of(
                row.status, expires_at=row.expires_at, answered_at=row.answered_at, now=now
            ),
            strict=row.is_strict,
            silent=row.is_silent,
            has_billing=row.has_billing,
            has_billing_mailing=row.mails_billing,
            has_mailing=row.mails_products,
            created_at=int(row.created_at.timestamp()),
            sent_at=shaping.seconds(row.sent_at),
            expired_at=int(row.expires_at.timestamp()),
        )
        if call.wants("team_ids"):
            shape.team_ids = [team.pk for team in teams[row.pk]]
        if call.wants("teams"):
            shape.teams = [shaping.team_name(team) for team in teams[row.pk]]
        if call.wants("permissions"):
            shape.permissions = shaping.permissions(held[row.pk])
        found.append(shape)
    return found


def _in_state(rows: QuerySet[Invitation], state: Any) -> QuerySet[Invitation]:
    now = clock.now()
    if state == rules.EXPIRED:
        return rows.filter(status=rules.PENDING, expires_at__lte=now)
    found = rows.filter(status=state)
    return found.filter(expires_at__gt=now) if state == rules.PENDING else found


_read = partial(Route, "GET", version=1, tag=TAG, scope="accounts:read")
_write = partial(Route, version=1, tag=TAG, scope="accounts:write", admits=access.leads)
_here = {"account": "The organization's number."}
_there = {**_here, "invitation": "The invitation's number."}
_attributes = {
    "team_ids": "teams",
    "grants": "permissions",
    "role": "role_type",
    "language": "locale",
}
_codes = {"already_member": "object_already_exists", "already_invited": "object_already_exists"}
_query = Query(
    expand=_EXPAND,
    paged=True,
    order={"id": "pk", "email": "email", "created_at": "created_at", "expired_at": "expires_at"},
    by_default=("-id",),
    search=("email", "first_name", "last_name"),
    filters={"status": Word("In this state.", values=_STATES, apply=_in_state)},
)

ROUTES = (
    _read(
        "/accounts/{account}/invitations",
        handler=list_invitations,
        summary="List invitations",
        description="Everybody who was asked to join, with what became of it.",
        answer=list[shapes.Invitation],
        parameters=_here,
        query=_query,
    ),
    _write(
        "POST",
        "/accounts/{account}/invitations",
        handler=invite,
        summary="Invite a user",
        description=(
            "Asks somebody to join, by mail unless `silent`. The link is in this answer alone."
        ),
        answer=shapes.Invitation,
        parameters=_here,
        body=shapes.NewInvitation,
        query=Query(expand=_EXPAND),
        status=201,
        attributes=_attributes,
        codes=_codes,
    ),
    _read(
        "/accounts/{account}/invitations/users/{user}",
        handler=list_user_invitations,
        summary="List a user's invitations",
        description="The invitations that a person accepted, or made.",
        answer=list[shapes.Invitation],
        parameters={**_here, "user": "The person's number."},
        query=Query(
            expand=_EXPAND,
            paged=True,
            order={"id": "pk"},
            by_default=("id",),
            words={"type": Word("Which of the two.", values=("accepted", "created"))},
        ),
    ),
    _read(
        "/accounts/{account}/invitations/{invitation}",
        handler=show_invitation,
        summary="Show an invitation",
        description="One of the invitations.",
        answer=shapes.Invitation,
        parameters=_there,
        query=Query(expand=_EXPAND),
    ),
    _write(
        "PATCH",
        "/accounts/{account}/invitations/{invitation}",
        handler=change_invitation,
        summary="Update an invitation",
        description="Changes what a waiting invitation will give. What is left out stays.",
        answer=shapes.Invitation,
        parameters=_there,
        body=shapes.InvitationChange,
        query=Query(expand=_EXPAND),
        attributes={**_attributes, "team_ids": "team_ids", "language": "language_id"},
        dry_run=True,
    ),
    _write(
        "POST",
        "/accounts/{account}/invitations/{invitation}/resend",
        handler=resend,
        summary="Send an invitation again",
        description="Mails a new link; the old one is dead.",
        answer=shapes.Invitation,
        parameters=_there,
        query=Query(expand=_EXPAND),
    ),
    _write(
        "DELETE",
        "/accounts/{account}/invitations/{invitation}",
        handler=cancel_invitation,
        summary="Cancel an invitation",
        description="Takes a waiting invitation back; its link is dead.",
        answer=bool,
        parameters=_there,
    ),
)
