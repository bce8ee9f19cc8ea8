"""``/accounts``: organizations, their services and tags."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from hospes.foundation.errors import NotFound
from hospes.kit import published
from hospes.organizations import policies
from hospes.organizations.api import access, shaping
from hospes.organizations.models import Address, Invitation, Membership, Product, Tag
from hospes.organizations.queries import products as product_queries
from hospes.organizations.schemas import accounts as shapes
from hospes.organizations.services import tags as tag_services
from hospes.rest.answers import DONE, Item, Listed
from hospes.rest.routes import Route
from hospes.rest.words import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hospes.organizations.models import Organization
    from hospes.rest.calls import Call

TAG = "Accounts"
ACCOUNT = "The organization's number."
_EXPAND = {
    "addresses": "Its addresses.",
    "fields": "The free lines on its invoices, `field1` and `field2`.",
    "logo": "The address of its logo.",
    "tags": "Its tags.",
    "counts": "`nb_users`, `nb_invitations` and `count_owners`; for those who lead it.",
}


def list_accounts(call: Call) -> Listed:
    """Answer the organizations that the account belongs to and the token reaches."""
    return Listed(access.admitted_organizations(call), partial(_shaped, call))


def show_account(call: Call, account: int) -> Item:
    """Answer one organization."""
    (found,) = _shaped(call, [access.member(call, account)])
    return Item(found)


def _shaped(call: Call, rows: Sequence[Membership]) -> list[shapes.Account]:
    """Return organizations, each with what ``with`` names, in at most six queries."""
    keys = [row.organization_id for row in rows]
    held = Product.objects.filter(organization__in=keys)
    customers = set(held.values_list("organization_id", flat=True).distinct())
    addresses = _by_organization(Address, keys, call.wants("addresses"))
    tags = _by_organization(Tag, keys, call.wants("tags"))
    counts = _counts(keys) if call.wants("counts") else {}
    found = []
    for row in rows:
        organization = row.organization
        shape = _plain(row, organization)
        shape.is_customer = organization.pk in customers
        inside = row.role != Membership.Role.CLIENT
        if call.wants("addresses") and inside:
            shape.addresses = [shaping.address(each) for each in addresses[organization.pk]]
        if call.wants("tags") and inside:
            shape.tags = [shaping.tag(each) for each in tags[organization.pk]]
        if call.wants("fields") and inside:
            shape.field1, shape.field2 = organization.invoice_field1, organization.invoice_field2
        if call.wants("logo"):
            shape.logo = _logo(organization)
        if call.wants("counts") and policies.leads(row):
            shape.nb_users, shape.nb_invitations, shape.count_owners = counts[organization.pk]
        found.append(shape)
    return found


def _plain(row: Membership, organization: Organization) -> shapes.Account:
    return shapes.Account(
        id=organization.pk,
        name=organization.name,
        legal_entity_type=organization.legal_type,
        role=row.role,
        created_at=int(organization.created_at.timestamp()),
        timezone=organization.timezone,
        locale=published.locale_of(organization.language),
        language_id=published.language_number(organization.language),
        website=organization.website,
        email=organization.email,
        phone=organization.phone,
        has_2fa_required=organization.two_step_required_at is not None,
        is_blocked=organization.blocked_at is not None,
        blocked_at=shaping.seconds(organization.blocked_at),
        is_customer=False,
    )


def _logo(organization: Organization) -> str:
    if not organization.logo:
        return ""
    path = reverse("organization_logo", args=[f"{organization.logo}-256.webp"])
    return settings.HOSPES.base_url + path


def _by_organization(model: Any, keys: list[int], wanted: bool) -> dict[int, list[Any]]:  # noqa: FBT001 - whether to ask at all
    found: dict[int, list[Any]] = {key: [] for key in keys}
    if wanted:
        for row in model.objects.filter(organization__in=keys).order_by("pk"):
            found[row.organization_id].append(row)
    return found


def _counts(keys: list[int]) -> dict[int, tuple[int, int, int]]:
    members = {
        row["organization_id"]: (row["all"], row["owners"])
        for row in Membership.objects.filter(organization__in=keys)
        .order_by()
        .values("organization_id")
        .annotate(all=Count("pk"), owners=Count("pk", filter=Q(role=Membership.Role.OWNER)))
    }
    waiting = dict(
        Invitation.objects.filter(organization__in=keys, status=Invitation.Status.PENDING)
        .order_by()
        .values_list("organization_id")
        .annotate(Count("pk"))
    )
    return {
        key: (members.get(key, (0, 0))[0], waiting.get(key, 0), members.get(key, (0, 0))[1])
        for key in keys
    }


# ---- services --------------------------------------------------------------------------------


def list_services(call: Call, account: int) -> Listed:
    """Answer the services of the products that the account sees in the organization."""
    member = access.member(call, account)
    counts = dict(
        access.products(call, member).order_by().values_list("service_id").annotate(Count("pk"))
    )
    language = member.account.locale
    found = [
        shapes.Service(
            id=service.pk,
            code=service.code,
            name=service.name_in(language),
            product_count=counts[service.pk],
            count=counts[service.pk],
        )
        for service in product_queries.services_held(member)
        if service.pk in counts
    ]
    return Listed(found)


# ---- tags ------------------------------------------------------------------------------------


def list_tags(call: Call, account: int) -> Listed:
    """Answer the organization's tags, or those on the products that the account sees."""
    member = access.member(call, account)
    tags = product_queries.tags_for(member)
    if call.principal.product_ids is not None:
        seen = access.products(call, member).values("tags")
        known = set(Tag.objects.filter(pk__in=seen).values_list("pk", flat=True))
        tags = [tag for tag in tags if tag.pk in known]
    return Listed(tags, partial(_tags, call, member))


def _tags(call: Call, member: Membership, rows: Sequence[Tag]) -> list[shapes.Tag]:
    counts: dict[int, int] = {}
    if call.wants("product_count"):
        worn = access.products(call, member).filter(tags__in=[row.pk for row in rows])
        counts = dict(worn.order_by().values_list("tags").annotate(Count("pk")))
    found = []
    for row in rows:
        shape = shaping.tag(row)
        if call.wants("product_count"):
            shape.product_count = counts.get(row.pk, 0)
        found.append(shape)
    return found


def create_tag(call: Call, account: int) -> Item:
    """Make a tag."""
    member = access.leading(call, account)
    made = tag_services.create_tag(
        tag_services.CreateTag(member.organization, call.body.name, call.body.color_id),
        acting_account=member.account,
        origin=call.origin,
    )
    return Item(shaping.tag(made))


def change_tag(call: Call, account: int, tag: int) -> Item:
    """Call a tag otherwise, or give it another colour."""
    member = access.leading(call, account)
    found = _tag(member, tag)
    tag_services.change_tag(
        tag_services.ChangeTag(
            found,
            found.name if call.body.name is None else call.body.name,
            found.color_id if call.body.color_id is None else call.body.color_id,
        ),
        acting_account=member.account,
        origin=call.origin,
    )
    return Item(shaping.tag(_tag(member, tag)))


def delete_tag(call: Call, account: int, tag: int) -> Item:
    """Delete a tag."""
    member = access.leading(call, account)
    tag_services.delete_tag(_tag(member, tag), acting_account=member.account, origin=call.origin)
    return DONE


def _tag(member: Membership, tag: int) -> Tag:
    found = product_queries.tag(member.organization, tag)
    if found is None:
        raise NotFound
    return found


_route = partial(Route, version=1, tag=TAG, scope="accounts:read")
_write = partial(Route, version=1, tag=TAG, scope="accounts:write", admits=access.leads)
_here = {"account": ACCOUNT}
_there = {**_here, "tag": "The tag's number."}

ROUTES = (
    _route(
        "GET",
        "/accounts",
        older_paths=("/account",),
        handler=list_accounts,
        summary="List accounts",
        description="The organizations that the account behind the token belongs to.",
        answer=list[shapes.Account],
        query=Query(
            expand=_EXPAND,
            paged=True,
            order={
                "id": "organization.pk",
                "name": "organization.name",
                "created_at": "organization.created_at",
            },
            by_default=("id",),
            search=("organization.name",),
        ),
    ),
    _route(
        "GET",
        "/accounts/{account}",
        older_paths=("/account/{account}",),
        handler=show_account,
        summary="Show an account",
        description="One of the organizations.",
        answer=shapes.Account,
        parameters=_here,
        query=Query(expand=_EXPAND),
    ),
    _route(
        "GET",
        "/accounts/{account}/services",
        handler=list_services,
        summary="List services",
        description="The services of which the account sees a product in this organization.",
        answer=list[shapes.Service],
        parameters=_here,
        query=Query(
            paged=True,
            order={"id": "id", "name": "name", "code": "code"},
            by_default=("name",),
            search=("name", "code"),
        ),
    ),
    _route(
        "GET",
        "/accounts/{account}/tags",
        handler=list_tags,
        summary="List tags",
        description="The labels that the organization puts on its products.",
        answer=list[shapes.Tag],
        parameters=_here,
        query=Query(
            expand={"product_count": "How many products bear it."},
            paged=True,
            order={"id": "pk", "name": "name"},
            by_default=("name",),
            search=("name",),
        ),
    ),
    _write(
        "POST",
        "/accounts/{account}/tags",
        handler=create_tag,
        summary="Create a tag",
        description="Makes a label for products.",
        answer=shapes.Tag,
        parameters=_here,
        body=shapes.NewTag,
        status=201,
        dry_run=True,
    ),
    _write(
        "PATCH",
        "/accounts/{account}/tags/{tag}",
        handler=change_tag,
        summary="Update a tag",
        description="Calls it otherwise or gives it another colour.",
        answer=shapes.Tag,
        parameters=_there,
        body=shapes.TagChange,
        dry_run=True,
    ),
    _write(
        "DELETE",
        "/accounts/{account}/tags/{tag}",
        handler=delete_tag,
        summary="Delete a tag",
        description="Deletes it; products stay, without it.",
        answer=bool,
        parameters=_there,
    ),
)
