"""``/accounts/{account}/users``: members."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hospes.foundation.errors import Denied, NotFound
from hospes.organizations import policies
from hospes.organizations.api import access, shaping, wanted
from hospes.organizations.models import Membership
from hospes.organizations.queries import rights
from hospes.organizations.schemas import people as shapes
from hospes.organizations.services import grants, members
from hospes.rest.answers import DONE, Item, Rows
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from hospes.organizations.models import Product
    from hospes.rest.calls import Call

TAG = "Users"
_EXPAND = {
    "teams": "The work teams of each.",
    "permissions": "Rights granted directly; for those who lead the organization.",
    "has_billing": "Whether invoices are seen; for those who lead the organization.",
    "security": (
        "`double_auth`, `last_login_at` and `is_locked`; for those who lead the organization."
    ),
}


def list_users(call: Call, account: int) -> Rows:
    """Answer the organization's members."""
    member = access.whole(call, account, policies.may_see_members)
    return Rows(_people(member), partial(shaping.users, call, member))


def show_user(call: Call, account: int, user: int) -> Item:
    """Answer one member: oneself, or as one who may see the others."""
    asker, found = _user(call, account, user)
    (shape,) = shaping.users(call, asker, [found])
    return Item(shape)


def change_user(call: Call, account: int, user: int) -> Item:
    """Change a member's role, direct rights, or whether invoices are seen."""
    asker = access.leading(call, account)
    found = _one(_people(asker), user)
    body = call.body
    if body.role_type is not None and body.role_type != found.role:
        members.change_role(
            members.ChangeRole(found, body.role_type), acting_member=asker, origin=call.origin
        )
    if body.has_billing is not None:
        members.change_flags(
            members.ChangeFlags(found, has_billing=body.has_billing),
            acting_member=asker,
            origin=call.origin,
        )
    if body.permissions is not None:
        grants.set_grants(
            grants.SetGrants(found, wanted.grants(body.permissions, "permissions")),
            acting_member=asker,
            origin=call.origin,
        )
    return show_user(call, account, user)


def remove_user(call: Call, account: int, user: int) -> Item:
    """End a membership."""
    asker = access.leading(call, account)
    members.remove_member(
        members.RemoveMember(_one(_people(asker), user)), acting_member=asker, origin=call.origin
    )
    return DONE


def list_app_accesses(call: Call, account: int, user: int) -> Rows:
    """Answer the products that a member has rights on: one's own, or as one who leads."""
    asker, found = _user(call, account, user)
    if asker.pk != found.pk and not policies.leads(asker):
        raise Denied
    seen = rights.visible_products(found).select_related("service")
    if call.principal.product_ids is not None:
        seen = seen.filter(pk__in=call.principal.product_ids)
    return Rows(seen, partial(_accesses, found))


def _accesses(member: Membership, rows: Sequence[Product]) -> list[shapes.AppAccess]:
    held = shaping.rights_on(member, rows)
    return [
        shapes.AppAccess(
            product_id=row.pk,
            product_name=str(row),
            service_id=row.service_id,
            service_name=row.service.code,
            rights=held.get(row.pk, []),
        )
        for row in rows
    ]


def _people(member: Membership) -> QuerySet[Membership]:
    return Membership.objects.filter(organization_id=member.organization_id).select_related(
        "account", "organization"
    )


def _one(rows: QuerySet[Membership], user: int) -> Membership:
    found = rows.filter(account_id=user).first()
    if found is None:
        raise NotFound
    return found


def _user(call: Call, account: int, user: int) -> tuple[Membership, Membership]:
    """Return who asks and who is asked about; external users see nobody but themselves."""
    asker = access.member(call, account)
    found = _one(_people(asker), user)
    if found.pk != asker.pk:
        access.whole(call, account, policies.may_see_members)
    return asker, found


_here = {"account": "The organization's number."}
_there = {**_here, "user": "The member's number."}
_roles = tuple(Membership.Role.values)

ROUTES = (
    Route(
        "GET",
        "/accounts/{account}/users",
        version=2,
        tag=TAG,
        scope="accounts:read",
        handler=list_users,
        summary="List users",
        description="The organization's members. External users do not see them.",
        answer=list[shapes.User],
        parameters=_here,
        also=(1,),
        query=Query(
            expand=_EXPAND,
            paged=True,
            order={
                "id": "account_id",
                "display_name": "account__last_name",
                "first_name": "account__first_name",
                "last_name": "account__last_name",
                "created_at": "created_at",
                "role_type": "role",
            },
            by_default=("id",),
            search=("account__first_name", "account__last_name"),
            filters={
                "role_type": Word("Of these roles.", values=_roles, many=True, field="role"),
                "team_id": Word("In this team.", kind="integer", minimum=1, field="teams"),
                "user_ids": Word(
                    "These people.", kind="integer", minimum=1, many=True, field="account_id"
                ),
            },
        ),
    ),
    Route(
        "GET",
        "/accounts/{account}/users/{user}",
        version=2,
        tag=TAG,
        scope="accounts:read",
        handler=show_user,
        summary="Show a user",
        description="One of the members.",
        answer=shapes.User,
        parameters=_there,
        query=Query(expand=_EXPAND),
    ),
    Route(
        "PATCH",
        "/accounts/{account}/users/{user}",
        version=2,
        tag=TAG,
        scope="accounts:write",
        admits=access.leads,
        handler=change_user,
        summary="Update a user",
        description="Changes a member's role, direct rights, or whether invoices are seen.",
        answer=shapes.User,
        parameters=_there,
        body=shapes.UserChange,
        query=Query(expand=_EXPAND),
        attributes={"role": "role_type", "grants": "permissions"},
        dry_run=True,
    ),
    Route(
        "DELETE",
        "/accounts/{account}/users/{user}",
        version=2,
        tag=TAG,
        scope="accounts:write",
        admits=access.leads,
        handler=remove_user,
        summary="Remove a user",
        description=(
            "Ends a membership, with the places in teams and the rights that hung on it. The last "
            "legal representative cannot be removed."
        ),
        answer=bool,
        parameters=_there,
    ),
    Route(
        "GET",
        "/accounts/{account}/users/{user}/app_accesses",
        version=2,
        tag=TAG,
        scope="products:read",
        handler=list_app_accesses,
        summary="List app accesses",
        description="The products that a member has rights on, directly, by team or by role.",
        answer=list[shapes.AppAccess],
        parameters=_there,
        query=Query(paged=True, order={"product_id": "pk"}, by_default=("product_id",)),
    ),
)
