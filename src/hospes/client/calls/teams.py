"""The published calls under "Teams".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Team, TeamName, User
    from hospes.client.bodies import NewTeam, TeamChange, TeamUsers


class TeamsCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_accounts_account_teams(
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
    ) -> list[Team]:
        """List teams."""
        return cast(
            "list[Team]",
            self.call(
                "GET",
                f"/1/accounts/{account}/teams",
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

    def get_accounts_account_basic_teams(
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
    ) -> list[TeamName]:
        """List teams by name."""
        return cast(
            "list[TeamName]",
            self.call(
                "GET",
                f"/1/accounts/{account}/basic/teams",
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

    def get_accounts_account_teams_team(
        self, account: int, team: int, *, with_: Sequence[str] | None = None
    ) -> Team:
        """Show a team."""
        return cast(
            "Team",
            self.call("GET", f"/1/accounts/{account}/teams/{team}", query={"with": with_}).data,
        )

    def post_accounts_account_teams(
        self,
        account: int,
        body: NewTeam,
        *,
        with_: Sequence[str] | None = None,
        dry_run: bool | None = None,
    ) -> Team:
        """Create a team."""
        return cast(
            "Team",
            self.call(
                "POST",
                f"/1/accounts/{account}/teams",
                json=body,
                query={"with": with_, "dry_run": dry_run},
            ).data,
        )

    def patch_accounts_account_teams_team(
        self,
        account: int,
        team: int,
        body: TeamChange,
        *,
        with_: Sequence[str] | None = None,
        dry_run: bool | None = None,
    ) -> Team:
        """Update a team."""
        return cast(
            "Team",
            self.call(
                "PATCH",
                f"/1/accounts/{account}/teams/{team}",
                json=body,
                query={"with": with_, "dry_run": dry_run},
            ).data,
        )

    def delete_accounts_account_teams_team(self, account: int, team: int) -> bool:
        """Delete a team."""
        return cast("bool", self.call("DELETE", f"/1/accounts/{account}/teams/{team}").data)

    def get_accounts_account_teams_team_users(
        self,
        account: int,
        team: int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
    ) -> list[User]:
        """List team users."""
        return cast(
            "list[User]",
            self.call(
                "GET",
                f"/1/accounts/{account}/teams/{team}/users",
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

    def post_accounts_account_teams_team_users(
        self, account: int, team: int, body: TeamUsers
    ) -> bool:
        """Add users to a team."""
        return cast(
            "bool", self.call("POST", f"/1/accounts/{account}/teams/{team}/users", json=body).data
        )

    def delete_accounts_account_teams_team_users(
        self, account: int, team: int, body: TeamUsers
    ) -> bool:
        """Remove users from a team."""
        return cast(
            "bool", self.call("DELETE", f"/1/accounts/{account}/teams/{team}/users", json=body).data
        )
