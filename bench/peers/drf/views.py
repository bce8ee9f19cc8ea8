"""``GET /api/1/ping`` and ``GET /api/1/products``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from django.db.models import Exists, Q
from rest_framework.generics import ListAPIView  # type: ignore[import-not-found,unused-ignore]
from rest_framework.pagination import (  # type: ignore[import-not-found,unused-ignore]
    CursorPagination,
)
from rest_framework.response import Response  # type: ignore[import-not-found,unused-ignore]
from rest_framework.views import APIView  # type: ignore[import-not-found,unused-ignore]

from bench.peers.drf.models import Grant, Membership, Product
from bench.peers.drf.serializers import ProductSerializer
from bench.peers.drf.tokens import ReadsProducts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bench.peers.drf.models import ApiToken

LEADING_ROLES = ("owner", "admin")


class Ping(APIView):  # type: ignore[misc,unused-ignore]
    """Says that the token is good."""

    def get(self, _request: Any) -> Response:
        """Answer."""
        return Response({"result": "success", "data": "pong"})


class Pages(CursorPagination):  # type: ignore[misc,unused-ignore]
    """Pages in the order of the rows' keys, each with the cursor of the next."""

    ordering = "id"
    page_size = 50
    max_page_size = 1000
    page_size_query_param = "limit"

    def get_paginated_response(self, data: list[dict[str, Any]]) -> Response:
        """Return the page in its envelope."""
        following = self.get_next_link()
        cursor = parse_qs(urlsplit(following).query)["cursor"][0] if following else None
        return Response(
            {
                "result": "success",
                "data": data,
                "has_more": following is not None,
                "cursor": cursor,
                "response_at": int(time.time()),
            }
        )


class Products(ListAPIView):  # type: ignore[misc,unused-ignore]
    """Lists every product that the account behind the token has any right on."""

    serializer_class = ProductSerializer
    pagination_class = Pages
    permission_classes = (ReadsProducts,)

    def get_queryset(self) -> QuerySet[Product]:
        """Return the products with their services."""
        return visible_to(self.request.auth).select_related("service")


def visible_to(token: ApiToken) -> QuerySet[Product]:
    """Return the products that the token reaches and its account has any right on."""
    mine = Membership.objects.filter(
        # An organization that requires two-step verification lets nobody else in.
        Q(organization__two_step_required_at__isnull=True)
        | Q(account__two_step_since__isnull=False),
        account_id=token.account_id,
    )
    if token.organization_id is not None:
        mine = mine.filter(organization_id=token.organization_id)
    seen = Q(pk__in=())
    for membership in mine:
        here = Q(organization_id=membership.organization_id)
        seen |= here if membership.role in LEADING_ROLES else here & _granted(membership)
    found = Product.objects.filter(seen)
    if token.only_products:
        found = found.filter(pk__in=token.products.values("pk"))
    return found


def _granted(membership: Membership) -> Q:
    """Return the condition that a grant reaches a product: the member's own, or a team's."""
    found = Q()
    for grants in (
        Grant.objects.filter(membership=membership),
        Grant.objects.filter(
            team__places__membership=membership, team__organization=membership.organization_id
        ),
    ):
        found |= (
            Q(pk__in=grants.filter(product__isnull=False).values("product"))
            | Q(service__in=grants.filter(service__isnull=False).values("service"))
            | Exists(grants.filter(reach="all"))
        )
    return found
