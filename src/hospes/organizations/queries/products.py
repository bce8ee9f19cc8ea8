"""Reads of what an organization holds, within what a member may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Prefetch, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from hospes.catalog.models import Service
from hospes.foundation import clock
from hospes.organizations.models import Tag
from hospes.organizations.policies import leads
from hospes.organizations.queries.rights import visible_products

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.models import QuerySet
    from django.db.models.expressions import OrderBy

    from hospes.organizations.models import Membership, Organization, Product

PAGE = 50
MOST_WORDS = 10
EXPIRING_DAYS = 30
EXPIRING, EXPIRED = "expiring", "expired"
SORTS = ("name", "-name", "service", "-service", "expires", "-expires", "newest")


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """``service`` and ``tag`` are row ids, 0 for all; ``state`` is "expiring", "expired" or ""."""

    words: str = ""
    service: int = 0
    tag: int = 0
    state: str = ""
    sort: str = "name"

    @property
    def narrows(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.words or self.service or self.tag or self.state)


def listed(membership: Membership, chosen: ProductFilter) -> QuerySet[Product]:
    """Return the products the member has any right on, with service and tags: two queries."""
    found = narrowed(visible_products(membership), chosen)
    tags = Prefetch("tags", queryset=Tag.objects.order_by("name", "pk"))
    return found.select_related("service").prefetch_related(tags).order_by(*_order(chosen.sort))


def narrowed(found: QuerySet[Product], chosen: ProductFilter) -> QuerySet[Product]:
    """Return what the filter leaves. Every word must occur in a name, host name or tag."""
    for word in chosen.words.split()[:MOST_WORDS]:
        tagged = Tag.objects.filter(name__icontains=word).values("products")
        found = found.filter(
            Q(customer_name__icontains=word)
            | Q(internal_name__icontains=word)
            | Q(fqdn__icontains=word)
            | Q(pk__in=tagged)
        )
    if chosen.service:
        found = found.filter(service_id=chosen.service)
    if chosen.tag:
        found = found.filter(tags=chosen.tag)
    now = clock.now()
    if chosen.state == EXPIRING:
        soon = now + timedelta(days=EXPIRING_DAYS)
        found = found.filter(expires_at__gt=now, expires_at__lte=soon)
    elif chosen.state == EXPIRED:
        found = found.filter(expires_at__lte=now)
    return found


def _order(sort: str) -> tuple[OrderBy, ...]:
    shown = Lower(Coalesce(NullIf(F("customer_name"), Value("")), F("internal_name")))
    name, number = shown.asc(), F("pk").asc()
    service = F("service__position")
    expires = F("expires_at")
    return {
        "-name": (shown.desc(), F("pk").desc()),
        "service": (service.asc(), F("service_id").asc(), name, number),
        "-service": (service.desc(), F("service_id").desc(), name, number),
        "expires": (expires.asc(nulls_last=True), name, number),
        "-expires": (expires.desc(nulls_last=True), name, number),
        "newest": (F("pk").desc(),),
    }.get(sort, (name, number))


def in_pieces(
    membership: Membership, chosen: ProductFilter, *, size: int = 500
) -> Iterator[Product]:
    """Yield all listed products without holding all of them."""
    yield from listed(membership, chosen).iterator(chunk_size=size)


def find(membership: Membership, product_id: int) -> Product | None:
    """Return that product with service and tags, if the member has any right on it."""
    return listed(membership, ProductFilter()).filter(pk=product_id).first()


def which_visible(membership: Membership, product_ids: Collection[int]) -> set[int]:
    """Return those of the products that the member has any right on."""
    found = visible_products(membership).filter(pk__in=product_ids)
    return set(found.values_list("pk", flat=True))


def services_held(membership: Membership) -> list[Service]:
    """Return the services of the products the member sees, in the catalogue's order."""
    held = visible_products(membership).order_by().values("service_id").distinct()
    return list(Service.objects.filter(pk__in=held).order_by("position", "pk"))


def tags_for(membership: Membership) -> list[Tag]:
    """Return the tags by name: all for those who lead, else those on products they see."""
    found = Tag.objects.filter(organization=membership.organization_id)
    if not leads(membership):
        found = found.filter(pk__in=visible_products(membership).order_by().values("tags"))
    return list(found.order_by(Lower("name"), "pk"))


def tags_of(organization: Organization) -> list[Tag]:
    """Return the organization's tags by name."""
    return list(Tag.objects.filter(organization=organization).order_by(Lower("name"), "pk"))


def counted_tags(organization: Organization) -> list[tuple[Tag, int]]:
    """Return the organization's tags by name, each with how many products bear it."""
    found = Tag.objects.filter(organization=organization).annotate(worn=Count("products"))
    return [(tag, tag.worn) for tag in found.order_by(Lower("name"), "pk")]


def count_of(tag: Tag) -> int:
    """Return how many products bear the tag."""
    return tag.products.count()


def tag(organization: Organization, number: int) -> Tag | None:
    """Return the organization's tag of that row id."""
    found = Tag.objects.select_related("organization").filter(organization=organization)
    return found.filter(pk=number).first()
