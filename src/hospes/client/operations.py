"""The published calls.

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import quote

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.shapes import (
        Account,
        Action,
        AppAccess,
        Avatar,
        Confirmed,
        Country,
        Email,
        Invitation,
        InvitationChange,
        Language,
        NewInvitation,
        NewInvitations,
        NewTag,
        NewTeam,
        Phone,
        Product,
        ProductChange,
        Profile,
        ProfileChange,
        Service,
        Tag,
        TagChange,
        Task,
        Team,
        TeamChange,
        TeamName,
        TeamUsers,
        Timezone,
        User,
        UserChange,
    )


def _segment(text: str) -> str:
    return quote(text, safe="")


class Operations(Caller):
    """A method for each call that is published; lists answer one page (see ``pages``)."""

    def get_profile(self, *, with_: Sequence[str] | None = None) -> Profile:
        """Show the profile."""
        return cast("Profile", self.call("GET", "/2/profile", query={"with": with_}).data)

    def patch_profile(
        self,
        body: ProfileChange,
        *,
        with_: Sequence[str] | None = None,
        dry_run: bool | None = None,
    ) -> Profile:
        """Update the profile."""
        return cast(
            "Profile",
            self.call(
                "PATCH", "/2/profile", json=body, query={"with": with_, "dry_run": dry_run}
            ).data,
        )

    def post_profile_avatar(self, body: Avatar) -> Profile:
        """Set the avatar."""
        return cast("Profile", self.call("POST", "/2/profile/avatar", json=body).data)

    def delete_profile_avatar(self) -> bool:
        """Delete the avatar."""
        return cast("bool", self.call("DELETE", "/2/profile/avatar").data)

    def get_profile_emails(self) -> list[Email]:
        """List e-mail addresses."""
        return cast("list[Email]", self.call("GET", "/2/profile/emails").data)

    def get_profile_emails_email_type_email_id(self, email_type: str, email_id: int) -> Email:
        """Show an e-mail address."""
        return cast(
            "Email", self.call("GET", f"/2/profile/emails/{_segment(email_type)}/{email_id}").data
        )

    def delete_profile_emails_email_type_email_id(
        self, email_type: str, email_id: int, body: Confirmed
    ) -> bool:
        """Delete an e-mail address."""
        return cast(
            "bool",
            self.call(
                "DELETE", f"/2/profile/emails/{_segment(email_type)}/{email_id}", json=body
            ).data,
        )

    def get_profile_phones(self) -> list[Phone]:
        """List telephone numbers."""
        return cast("list[Phone]", self.call("GET", "/2/profile/phones").data)

    def get_profile_phones_phone_id(self, phone_id: int) -> Phone:
        """Show a telephone number."""
        return cast("Phone", self.call("GET", f"/2/profile/phones/{phone_id}").data)

    def delete_profile_phones_phone_id(self, phone_id: int, body: Confirmed) -> bool:
        """Delete a telephone number."""
        return cast("bool", self.call("DELETE", f"/2/profile/phones/{phone_id}", json=body).data)

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

    def get_languages(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
    ) -> list[Language]:
        """List languages."""
        return cast(
            "list[Language]",
            self.call(
                "GET",
                "/1/languages",
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

    def get_languages_language_id(self, language_id: int) -> Language:
        """Show a language."""
        return cast("Language", self.call("GET", f"/1/languages/{language_id}").data)

    def get_countries(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
        only_enabled: bool | None = None,
        only_enabled_exception: Sequence[int] | None = None,
    ) -> list[Country]:
        """List countries."""
        return cast(
            "list[Country]",
            self.call(
                "GET",
                "/1/countries",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                    "only_enabled": only_enabled,
                    "only_enabled_exception": only_enabled_exception,
                },
            ).data,
        )

    def get_countries_country_id(self, country_id: int) -> Country:
        """Show a country."""
        return cast("Country", self.call("GET", f"/1/countries/{country_id}").data)

    def get_timezones(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
    ) -> list[Timezone]:
        """List time zones."""
        return cast(
            "list[Timezone]",
            self.call(
                "GET",
                "/1/timezones",
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

    def get_timezones_timezone_id(self, timezone_id: int) -> Timezone:
        """Show a time zone."""
        return cast("Timezone", self.call("GET", f"/1/timezones/{timezone_id}").data)

    def get_actions(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
    ) -> list[Action]:
        """List actions."""
        return cast(
            "list[Action]",
            self.call(
                "GET",
                "/1/actions",
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

    def get_actions_action_id(self, action_id: int) -> Action:
        """Show an action."""
        return cast("Action", self.call("GET", f"/1/actions/{action_id}").data)

    def get_async_tasks(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        filter_: Mapping[str, Any] | None = None,
    ) -> list[Task]:
        """List tasks."""
        return cast(
            "list[Task]",
            self.call(
                "GET",
                "/1/async/tasks",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "filter": filter_,
                },
            ).data,
        )

    def get_async_tasks_task_uuid(self, task_uuid: str) -> Task:
        """Show a task."""
        return cast("Task", self.call("GET", f"/1/async/tasks/{_segment(task_uuid)}").data)
