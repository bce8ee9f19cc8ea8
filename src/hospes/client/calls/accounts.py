"""The published calls under "Accounts".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Account, Service, Tag
    from hospes.client.bodies import NewTag, TagChange


class AccountsCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_accounts(
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
    ) -> list[Account]:
        """List accounts."""
        return cast(
            "list[Account]",
            self.call(
                "GET",
                "/1/accounts",
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
                },
            ).data,
        )

    def get_accounts_account(self, account: int, *, with_: Sequence[str] | None = None) -> Account:
        """Show an account."""
        return cast(
            "Account", self.call("GET", f"/1/accounts/{account}", query={"with": with_}).data
        )

    def get_accounts_account_services(
        self,
        account: int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
    ) -> list[Service]:
        """List services."""
        return cast(
            "list[Service]",
            self.call(
                "GET",
                f"/1/accounts/{account}/services",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                },
            ).data,
        )

    def get_accounts_account_tags(
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
    ) -> list[Tag]:
        """List tags."""
        return cast(
            "list[Tag]",
            self.call(
                "GET",
                f"/1/accounts/{account}/tags",
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
                },
            ).data,
        )

    def post_accounts_account_tags(
        self, account: int, body: NewTag, *, dry_run: bool | None = None
    ) -> Tag:
        """Create a tag."""
        return cast(
            "Tag",
            self.call(
                "POST", f"/1/accounts/{account}/tags", json=body, query={"dry_run": dry_run}
            ).data,
        )

    def patch_accounts_account_tags_tag(
        self, account: int, tag: int, body: TagChange, *, dry_run: bool | None = None
    ) -> Tag:
        """Update a tag."""
        return cast(
            "Tag",
            self.call(
                "PATCH", f"/1/accounts/{account}/tags/{tag}", json=body, query={"dry_run": dry_run}
            ).data,
        )

    def delete_accounts_account_tags_tag(self, account: int, tag: int) -> bool:
        """Delete a tag."""
        return cast("bool", self.call("DELETE", f"/1/accounts/{account}/tags/{tag}").data)
