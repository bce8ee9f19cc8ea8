"""The published calls under "Users".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import AppAccess, User
    from hospes.client.bodies import UserChange


class UsersCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_accounts_account_users(
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
    ) -> list[User]:
        """List users."""
        return cast(
            "list[User]",
            self.call(
                "GET",
                f"/2/accounts/{account}/users",
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

    def get_accounts_account_users_user(
        self, account: int, user: int, *, with_: Sequence[str] | None = None
    ) -> User:
        """Show a user."""
        return cast(
            "User",
            self.call("GET", f"/2/accounts/{account}/users/{user}", query={"with": with_}).data,
        )

    def patch_accounts_account_users_user(
        self,
        account: int,
        user: int,
        body: UserChange,
        *,
        with_: Sequence[str] | None = None,
        dry_run: bool | None = None,
    ) -> User:
        """Update a user."""
        return cast(
            "User",
            self.call(
                "PATCH",
                f"/2/accounts/{account}/users/{user}",
                json=body,
                query={"with": with_, "dry_run": dry_run},
            ).data,
        )

    def delete_accounts_account_users_user(self, account: int, user: int) -> bool:
        """Remove a user."""
        return cast("bool", self.call("DELETE", f"/2/accounts/{account}/users/{user}").data)

    def get_accounts_account_users_user_app_accesses(
        self,
        account: int,
        user: int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
    ) -> list[AppAccess]:
        """List app accesses."""
        return cast(
            "list[AppAccess]",
            self.call(
                "GET",
                f"/2/accounts/{account}/users/{user}/app_accesses",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                },
            ).data,
        )
