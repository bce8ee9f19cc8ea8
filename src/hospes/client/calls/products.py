"""The published calls under "Products".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Product
    from hospes.client.bodies import ProductChange


class ProductsCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_products(
        self,
        *,
        with_: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
        filter_: Mapping[str, Any] | None = None,
        account_id: int | None = None,
        customer_name: str | None = None,
        fqdn: str | None = None,
        internal_name: str | None = None,
        product_id: int | None = None,
        service_id: int | None = None,
        service_name: str | None = None,
    ) -> list[Product]:
        """List products."""
        return cast(
            "list[Product]",
            self.call(
                "GET",
                "/1/products",
                query={
                    "with": with_,
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                    "filter": filter_,
                    "account_id": account_id,
                    "customer_name": customer_name,
                    "fqdn": fqdn,
                    "internal_name": internal_name,
                    "product_id": product_id,
                    "service_id": service_id,
                    "service_name": service_name,
                },
            ).data,
        )

    def get_products_product(self, product: int, *, with_: Sequence[str] | None = None) -> Product:
        """Show a product."""
        return cast(
            "Product", self.call("GET", f"/1/products/{product}", query={"with": with_}).data
        )

    def patch_products_product(
        self,
        product: int,
        body: ProductChange,
        *,
        with_: Sequence[str] | None = None,
        dry_run: bool | None = None,
    ) -> Product:
        """Update a product."""
        return cast(
            "Product",
            self.call(
                "PATCH",
                f"/1/products/{product}",
                json=body,
                query={"with": with_, "dry_run": dry_run},
            ).data,
        )

    def get_accounts_current_products(
        self,
        *,
        with_: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
        filter_: Mapping[str, Any] | None = None,
    ) -> list[Product]:
        """List the current account's products."""
        return cast(
            "list[Product]",
            self.call(
                "GET",
                "/1/accounts/current/products",
                query={
                    "with": with_,
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                    "filter": filter_,
                },
            ).data,
        )

    def get_accounts_account_products(
        self,
        account: int,
        *,
        with_: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
        filter_: Mapping[str, Any] | None = None,
    ) -> list[Product]:
        """List an account's products."""
        return cast(
            "list[Product]",
            self.call(
                "GET",
                f"/1/accounts/{account}/products",
                query={
                    "with": with_,
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                    "filter": filter_,
                },
            ).data,
        )
