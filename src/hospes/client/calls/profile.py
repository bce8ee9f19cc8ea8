"""The published calls under "Profile".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hospes.client.caller import Caller, segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hospes.client.answers import (
        ApplicationPassword,
        Email,
        NewApplicationPassword,
        Phone,
        Profile,
    )
    from hospes.client.bodies import Avatar, Confirmed, CreateApplicationPassword, ProfileChange


class ProfileCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_profile(
        self, *, with_: Sequence[str] | None = None, no_avatar_default: bool | None = None
    ) -> Profile:
        """Show the profile."""
        return cast(
            "Profile",
            self.call(
                "GET", "/2/profile", query={"with": with_, "no_avatar_default": no_avatar_default}
            ).data,
        )

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
            "Email", self.call("GET", f"/2/profile/emails/{segment(email_type)}/{email_id}").data
        )

    def delete_profile_emails_email_type_email_id(
        self, email_type: str, email_id: int, body: Confirmed
    ) -> bool:
        """Delete an e-mail address."""
        return cast(
            "bool",
            self.call(
                "DELETE", f"/2/profile/emails/{segment(email_type)}/{email_id}", json=body
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

    def get_profile_applications_passwords(self) -> list[ApplicationPassword]:
        """List application passwords."""
        return cast(
            "list[ApplicationPassword]", self.call("GET", "/2/profile/applications/passwords").data
        )

    def post_profile_applications_passwords(
        self, body: CreateApplicationPassword
    ) -> NewApplicationPassword:
        """Add an application password."""
        return cast(
            "NewApplicationPassword",
            self.call("POST", "/2/profile/applications/passwords", json=body).data,
        )

    def get_profile_applications_passwords_password_id(
        self, password_id: int
    ) -> ApplicationPassword:
        """Show an application password."""
        return cast(
            "ApplicationPassword",
            self.call("GET", f"/2/profile/applications/passwords/{password_id}").data,
        )

    def delete_profile_applications_passwords_password_id(self, password_id: int) -> bool:
        """Revoke an application password."""
        return cast(
            "bool", self.call("DELETE", f"/2/profile/applications/passwords/{password_id}").data
        )
