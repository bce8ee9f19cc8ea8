"""``/products``: what organizations hold."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from hospes.foundation.errors import Denied, NotFound
from hospes.organizations import policies
from hospes.organizations.api import access, shaping
from hospes.organizations.models import Membership, Product, Tag
from hospes.organizations.schemas import accounts as shapes
from hospes.organizations.services import products as services
from hospes.organizations.services import tags as tag_services
from hospes.rest.answers import Item, Rows
from hospes.rest.faults import Problem, wrong
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from hospes.rest.calls import Call

TAG = "Products"
ACCOUNT = "The organization's number."
_EXPAND = {
    "tags": "The tags that it bears.",
    "rights": "What the account behind the token may do on it.",
}
_CALLED = Coalesce(
    NullIf("customer_name", Value("")), NullIf("fqdn", Value("")), F("internal_name")
)
_ORDER = {
    "id": "pk",
    "internal_name": "internal_name",
    # As it is answered: whoever has no name of its own goes by another.
    "customer_name": "called",
    "fqdn": "fqdn",
    "created_at": "created_at",
    "expired_at": "expires_at",
    "service_id": "service_id",
}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_FILTERS = {
    "service_id": Word("Of these services.", kind="integer", minimum=1, many=True, field="service"),
    "service_name": Word("Of the service with this code.", field="service__code"),
    "tag_id": Word("With this tag.", kind="integer", minimum=1, field="tags"),
    "fqdn": Word("With this host name.", field="fqdn"),
    "expires_before": Word(
        "Ending before this instant.",
        kind="instant",
        apply=lambda rows, value: rows.filter(expires_at__lt=_moment(value)),
    ),
    "expires_after": Word(
        "Ending after this instant.",
        kind="instant",
        apply=lambda rows, value: rows.filter(expires_at__gt=_moment(value)),
    ),
}
_WORDS = {
    "account_id": Word("Of this organization.", kind="integer", minimum=1, field="organization"),
    "customer_name": Word("Called so.", field="called"),
    "fqdn": Word("With this host name.", field="fqdn"),
    "internal_name": Word("Called so by the provider.", field="internal_name"),
    "product_id": Word("With this number.", kind="integer", minimum=1, field="pk"),
    "service_id": Word("Of this service.", kind="integer", minimum=1, field="service"),
    "service_name": Word("Of the service with this code.", field="service__code"),
}
_COLUMNS = (
    *("pk", "organization_id", "service_id", "internal_name", "customer_name", "fqdn"),
    *("created_at", "expires_at", "is_free", "locked_at", "service__code"),
)
_SEARCH = ("internal_name", "customer_name", "fqdn")


def list_products(call: Call) -> Rows:
    """Answer what the account sees of all its organizations."""
    mine = access.standing(call)
    if len(mine) == 1:
        return _rows(call, access.products(call, mine[0]), mine)
    seen = Q(pk__in=())
    for member in mine:
        seen |= Q(pk__in=access.products(call, member).values("pk"))
    return _rows(call, Product.objects.filter(seen), mine)


def list_account_products(call: Call, account: int) -> Rows:
    """Answer what the account sees in one organization."""
    member = access.member(call, account)
    return _rows(call, access.products(call, member), [member])


def list_current_products(call: Call) -> Rows:
    """Answer what the account sees in the token's organization, else in the one joined first."""
    mine = access.standing(call)
    if not mine:
        raise NotFound
    return _rows(call, access.products(call, mine[0]), mine[:1])


def show_product(call: Call, product: int) -> Item:
    """Answer one product."""
    found, member = _product(call, product)
    return _item(call, found, member)


def change_product(call: Call, product: int) -> Item:
    """Call a product otherwise, or put other tags on it."""
    found, member = _changeable(call, product)
    if call.body.customer_name is not None:
        services.rename_product(
            services.RenameProduct(found, call.body.customer_name),
            acting_account=member.account,
            origin=call.origin,
        )
    if call.body.tag_ids is not None:
        _tag(call, found, member)
    return _item(call, found, member)


def _tag(call: Call, product: Product, member: Membership) -> None:
    wanted = set(call.body.tag_ids)
    known = set(Tag.objects.filter(organization=member.organization).values_list("pk", flat=True))
    if wanted - known:
        raise Problem("validation_failed", wrong("tag_ids", "exists", sorted(wanted - known)))
    worn = set(product.tags.values_list("pk", flat=True))
    tag_services.tag_products(
        tag_services.TagProducts(
            member.organization, [product.pk], add=wanted - worn, remove=worn - wanted
        ),
        acting_account=member.account,
        origin=call.origin,
    )


def _changeable(call: Call, product: int) -> tuple[Product, Membership]:
    found, member = _product(call, product)
    if not policies.leads(member):
        raise Denied
    return found, member


def _product(call: Call, product: int) -> tuple[Product, Membership]:
    for member in access.admitted_organizations(call):
        found = access.products(call, member).filter(pk=product).first()
        if found is not None:
            return found, member
    raise NotFound


def _item(call: Call, product: Product, member: Membership) -> Item:
    (row,) = _columns(Product.objects.filter(pk=product.pk))
    (shape,) = _shaped(call, [member], [row])
    return Item(shape)


def _columns(rows: QuerySet[Product], *more: str) -> QuerySet[Any, Any]:
    # Columns and no models, the service's code as one of them: making a page's models would take
    # longer than reading it.
    return rows.values_list(*_COLUMNS, *more, named=True)


def _rows(call: Call, rows: QuerySet[Product], mine: Sequence[Membership]) -> Rows:
    if call.word("customer_name") is None and "customer_name" not in dict(call.asked.order):
        found = _columns(rows)
    else:
        # Apart: writing this takes as long as all the rest of the statement.
        found = _columns(rows.annotate(called=_CALLED), "called")
    return Rows(found, partial(_shaped, call, mine))


def _shaped(call: Call, mine: Sequence[Membership], rows: Sequence[Any]) -> list[shapes.Product]:
    found = [shaping.product(row) for row in rows]
    if call.wants("tags"):
        worn = shaping.tags_on([row.pk for row in rows])
        for shape in found:
            shape.tags = worn.get(shape.id, [])
    if call.wants("rights"):
        held: dict[int, list[str]] = {}
        # One statement for each organization on the page.
        for member in mine:
            own = [row for row in rows if row.organization_id == member.organization_id]
            if own:
                held |= shaping.rights_on(member, own)
        for shape in found:
            shape.rights = held.get(shape.id, [])
    return found


_read = partial(Route, "GET", version=1, tag=TAG, scope="products:read")
_query = Query(
    expand=_EXPAND,
    paged=True,
    order=_ORDER,
    by_default=("id",),
    search=_SEARCH,
    filters=_FILTERS,
)
_here = {"account": ACCOUNT}
_one = {"product": "The product's number."}

ROUTES = (
    _read(
        "/products",
        older_paths=("/product",),
        handler=list_products,
        summary="List products",
        description="Every product that the account behind the token has any right on.",
        answer=list[shapes.Product],
        query=Query(
            expand=_EXPAND,
            paged=True,
            order=_ORDER,
            by_default=("id",),
            search=_SEARCH,
            filters=_FILTERS,
            words=_WORDS,
        ),
    ),
    _read(
        "/products/{product}",
        handler=show_product,
        summary="Show a product",
        description="One of the products.",
        answer=shapes.Product,
        parameters=_one,
        query=Query(expand=_EXPAND),
    ),
    Route(
        "PATCH",
        "/products/{product}",
        version=1,
        tag=TAG,
        scope="products:write",
        admits=_changeable,
        handler=change_product,
        summary="Update a product",
        description="Calls it otherwise, or puts other tags on it.",
        answer=shapes.Product,
        parameters=_one,
        body=shapes.ProductChange,
        query=Query(expand=_EXPAND),
        dry_run=True,
    ),
    _read(
        "/accounts/current/products",
        handler=list_current_products,
        summary="List the current account's products",
        description=(
            "What the account sees in the token's own organization, else in the one joined first."
        ),
        answer=list[shapes.Product],
        query=_query,
    ),
    _read(
        "/accounts/{account}/products",
        handler=list_account_products,
        summary="List an account's products",
        description="What the account behind the token sees in one organization.",
        answer=list[shapes.Product],
        parameters=_here,
        query=_query,
    ),
)
