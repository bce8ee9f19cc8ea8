"""What writes take.

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class Avatar(TypedDict):
    """A picture to show."""

    avatar: str
    encoding: Literal["base64"]


class Confirmed(TypedDict):
    """The password again, for what could lock its owner out."""

    current_password: str
    one_time_code: NotRequired[str | None]


class CreateApplicationPassword(TypedDict):
    """A password that is to be made."""

    name: str
    current_password: str
    one_time_code: NotRequired[str | None]


class InvitationChange(TypedDict):
    """What a waiting invitation is to give; what is left out stays."""

    role_type: NotRequired[Literal["owner", "admin", "normal", "client"] | None]
    language_id: NotRequired[int | None]
    team_ids: NotRequired[list[int] | None]
    has_billing: NotRequired[bool | None]
    has_billing_mailing: NotRequired[bool | None]
    has_mailing: NotRequired[bool | None]
    permissions: NotRequired[list[WantedPermission] | None]


class InvitationPermissions(TypedDict):
    """What whoever accepts may do."""

    billing: NotRequired[bool]
    products: NotRequired[list[WantedPermission]]


class NewInvitation(TypedDict):
    """Somebody to invite."""

    email: str
    first_name: str
    last_name: str
    locale: str
    role_type: Literal["owner", "admin", "normal", "client"]
    teams: NotRequired[list[int]]
    notifications: NotRequired[Notifications]
    permissions: NotRequired[InvitationPermissions]
    silent: NotRequired[bool]
    strict: NotRequired[bool]


class NewInvitations(TypedDict):
    """People to invite."""

    invitations: list[NewInvitation]


class NewTag(TypedDict):
    """A tag to make."""

    name: str
    color_id: NotRequired[int]


class NewTeam(TypedDict):
    """A work team to make."""

    name: str
    color_id: NotRequired[int]
    owned_by_id: NotRequired[int | None]
    permissions: NotRequired[list[WantedPermission]]


class Notifications(TypedDict):
    """What is mailed to whoever accepts."""

    billing: NotRequired[bool]
    products: NotRequired[bool]


class ProductChange(TypedDict):
    """What a product's holder may change of it."""

    customer_name: NotRequired[str | None]
    tag_ids: NotRequired[list[int] | None]


class ProfileChange(TypedDict):
    """What is to become of a profile; what is left out stays."""

    firstname: NotRequired[str | None]
    lastname: NotRequired[str | None]
    email: NotRequired[str | None]
    language_id: NotRequired[int | None]
    locale: NotRequired[str | None]
    timezone: NotRequired[str | None]
    timezone_id: NotRequired[int | None]
    current_password: NotRequired[str | None]
    one_time_code: NotRequired[str | None]
    password: NotRequired[str | None]
    keep_session_ids: NotRequired[list[str] | None]
    reminder_email: NotRequired[str | None]
    reminder_phone: NotRequired[str | None]
    successful_connexion_notification: NotRequired[bool | None]
    unsuccessful_connexion_notification: NotRequired[bool | None]
    unsuccessful_connexion_limit: NotRequired[bool | None]
    unsuccessful_connexion_rate_limit: NotRequired[int | None]


class TagChange(TypedDict):
    """What a tag is to become; what is left out stays."""

    name: NotRequired[str | None]
    color_id: NotRequired[int | None]


class TeamChange(TypedDict):
    """What a team is to become; what is left out stays."""

    name: NotRequired[str | None]
    color_id: NotRequired[int | None]
    owned_by_id: NotRequired[int | None]
    permissions: NotRequired[list[WantedPermission] | None]


class TeamUsers(TypedDict):
    """Members, by their numbers."""

    user_ids: list[int]


class UserChange(TypedDict):
    """What is to become of a member; what is left out stays."""

    role_type: NotRequired[Literal["owner", "admin", "normal", "client"] | None]
    has_billing: NotRequired[bool | None]
    permissions: NotRequired[list[WantedPermission] | None]


class WantedPermission(TypedDict):
    """Rights to give on a service, on a product, or, with neither, on everything."""

    service_id: NotRequired[int | None]
    product_id: NotRequired[int | None]
    rights: list[Literal["technical", "statistic", "check", "sale"]]
