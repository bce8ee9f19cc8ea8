"""The published calls under "Invitations".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Invitation
    from hospes.client.bodies import InvitationChange, NewInvitation, NewInvitations


class InvitationsCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_accounts_account_invitations(
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
    ) -> list[Invitation]:
        """List invitations."""
        return cast(
            "list[Invitation]",
            self.call(
                "GET",
                f"/1/accounts/{account}/invitations",
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

    def post_accounts_account_invitations(
        self, account: int, body: NewInvitation, *, with_: Sequence[str] | None = None
    ) -> Invitation:
        """Invite a user."""
        return cast(
            "Invitation",
            self.call(
                "POST", f"/1/accounts/{account}/invitations", json=body, query={"with": with_}
            ).data,
        )

    def get_accounts_account_invitations_users_user(
        self,
        account: int,
        user: int,
        *,
        with_: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        type_: Literal["accepted", "created"] | None = None,
    ) -> list[Invitation]:
        """List a user's invitations."""
        return cast(
            "list[Invitation]",
            self.call(
                "GET",
                f"/1/accounts/{account}/invitations/users/{user}",
                query={
                    "with": with_,
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "type": type_,
                },
            ).data,
        )

    def get_accounts_account_invitations_invitation(
        self, account: int, invitation: int, *, with_: Sequence[str] | None = None
    ) -> Invitation:
        """Show an invitation."""
        return cast(
            "Invitation",
            self.call(
                "GET", f"/1/accounts/{account}/invitations/{invitation}", query={"with": with_}
            ).data,
        )

    def patch_accounts_account_invitations_invitation(
        self,
        account: int,
        invitation: int,
        body: InvitationChange,
        *,
        with_: Sequence[str] | None = None,
        dry_run: bool | None = None,
    ) -> Invitation:
        """Update an invitation."""
        return cast(
            "Invitation",
            self.call(
                "PATCH",
                f"/1/accounts/{account}/invitations/{invitation}",
                json=body,
                query={"with": with_, "dry_run": dry_run},
            ).data,
        )

    def post_accounts_account_invitations_invitation_resend(
        self, account: int, invitation: int, *, with_: Sequence[str] | None = None
    ) -> Invitation:
        """Send an invitation again."""
        return cast(
            "Invitation",
            self.call(
                "POST",
                f"/1/accounts/{account}/invitations/{invitation}/resend",
                query={"with": with_},
            ).data,
        )

    def delete_accounts_account_invitations_invitation(self, account: int, invitation: int) -> bool:
        """Cancel an invitation."""
        return cast(
            "bool", self.call("DELETE", f"/1/accounts/{account}/invitations/{invitation}").data
        )

    def post_accounts_account_invitations_bulk(self, account: int, body: NewInvitations) -> str:
        """Invite many users."""
        return cast(
            "str", self.call("POST", f"/1/accounts/{account}/invitations/bulk", json=body).data
        )
