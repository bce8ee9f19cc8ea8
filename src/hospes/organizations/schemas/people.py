"""Members, invitations and work teams."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from hospes.rest.shapes import Body, Id, Instant, Shape, expansion

Role = Literal["owner", "admin", "normal", "client"]
Right = Literal["technical", "statistic", "check", "sale"]
# The same in answers, where a row's text is what it is.
RoleName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": ["owner", "admin", "normal", "client"]})
]
RightName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": ["technical", "statistic", "check", "sale"]})
]
State = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "enum": ["pending", "accepted", "rejected", "cancelled", "expired"]}
    ),
]


class Permission(Shape):
    """What is held on all products of a service, on one product, or on everything."""

    service_id: Id | None = Field(
        description="Every product of this service, future ones too; null: see product_id.",
        examples=[3],
    )
    service_name: str = Field(description="The service's code, or empty.", examples=["web-hosting"])
    product_id: Id | None = Field(
        description="This product alone. With neither: every product, future ones too.",
        examples=[None],
    )
    rights: list[RightName] = Field(description="The rights held.")


class WantedPermission(Body):
    """Rights to give on a service, on a product, or, with neither, on everything.

    The published words are understood too: ``types`` for ``rights``, and ``apply_to_all``, which
    says of two numbers whether the service's counts (future products too) or the product's.
    """

    service_id: Id | None = Field(
        default=None, description="Every product of this service, future ones too."
    )
    product_id: Id | None = Field(default=None, description="This product alone.")
    rights: list[Right] = Field(description="The rights to give.", min_length=1, max_length=4)

    @model_validator(mode="before")
    @classmethod
    def _published(cls, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        found = dict(told)
        if "types" in found and "rights" not in found:
            found["rights"] = found.pop("types")
        if isinstance(found.get("apply_to_all"), bool):
            chosen, other = ("product_id", "service_id")
            if found.pop("apply_to_all"):
                chosen, other = other, chosen
            if found.get(chosen) is None:
                raise ValueError(f"apply_to_all is about {chosen} here, which is missing.")
            found.pop(other, None)
        return found


def _by_services(told: Any) -> Any:
    """Return ``{"services": [1, 2]}``, as teams are published to take it, as a list of rights.

    It names no right: technical is given, and no other.
    """
    if not isinstance(told, dict) or told.keys() != {"services"}:
        return told
    services = told["services"]
    if not isinstance(services, list):
        return services
    return [{"service_id": service, "rights": ["technical"]} for service in services]


Permissions = Annotated[
    list[WantedPermission], BeforeValidator(_by_services), Field(max_length=500)
]


class TeamName(Shape):
    """A work team by name."""

    id: Id = Field(description="The team's number.", examples=[5])
    name: str = Field(description="What it is called.", examples=["Web"])
    color_id: int = Field(description="Number of its colour.", examples=[2])


class User(Shape):
    """A member of an organization."""

    id: Id = Field(description="The person's number.", examples=[31])
    user_id: Id = Field(description="The same.", examples=[31])
    display_name: str = Field(description="Full name.", examples=["Léa Favre"])
    first_name: str = Field(description="First name.", examples=["Léa"])
    last_name: str = Field(description="Last name.", examples=["Favre"])
    email: str | None = Field(
        description="Sign-in address; null for those who do not lead the organization.",
        examples=["lea@bergblume.example"],
    )
    role_type: RoleName = Field(description="The role in this organization.")
    created_at: Instant = Field(description="Since when a member.", examples=[1764000000])
    avatar: str | None = Field(description="Address of the picture, or null.", examples=[None])
    has_billing: bool = expansion("Whether this member sees invoices and payments.")
    teams: list[TeamName] = expansion("The work teams of this member.")
    permissions: list[Permission] = expansion("Rights granted to this member directly.")
    double_auth: bool = expansion("Whether two-step verification is on; for those who lead.")
    last_login_at: Instant | None = expansion("When last signed in; for those who lead.")
    is_locked: bool = expansion("Whether the account is locked; for those who lead.")


class AppAccess(Shape):
    """A product that a member has rights on."""

    product_id: Id = Field(description="The product's number.", examples=[42])
    product_name: str = Field(description="What it is called.", examples=["Shop"])
    service_id: Id = Field(description="The service that it is of.", examples=[3])
    service_name: str = Field(description="The service's code.", examples=["web-hosting"])
    rights: list[str] = Field(description="What the member may do on it.", examples=[["technical"]])


class Team(Shape):
    """A work team."""

    id: Id = Field(description="The team's number.", examples=[5])
    name: str = Field(description="What it is called.", examples=["Web"])
    color_id: int = Field(description="Number of its colour.", examples=[2])
    owned_by_id: Id | None = Field(description="The leader's number, or null.", examples=[31])
    created_by_id: Id | None = Field(description="Who made it, or null.", examples=[31])
    created_at: Instant = Field(description="When it was made.", examples=[1764000000])
    updated_at: Instant = Field(description="When it was last changed.", examples=[1764000000])
    user_count: int = Field(description="How many members it has.", examples=[3])
    product_count: int = Field(description="How many products it reaches.", examples=[2])
    product_by_service_count: dict[str, int] = Field(
        description="The same by the service's code.", examples=[{"web-hosting": 2}]
    )
    is_sso: bool = Field(description="Whether a company's directory keeps it.")
    permissions: list[Permission] = expansion("What it may do.")
    users: list[User] = expansion("Its members.")


class NewTeam(Body):
    """A work team to make."""

    name: str = Field(description="Unique in the organization.", min_length=1, max_length=128)
    color_id: int = Field(default=0, description="Number of its colour.", ge=0, le=99)
    owned_by_id: Id | None = Field(default=None, description="The leader, a member.")
    permissions: Permissions = Field(default=[], description="What it may do.")


class TeamChange(Body):
    """What a team is to become; what is left out stays."""

    name: str | None = Field(
        default=None, description="Unique in the organization.", min_length=1, max_length=128
    )
    color_id: int | None = Field(default=None, description="Number of its colour.", ge=0, le=99)
    owned_by_id: Id | None = Field(default=None, description="The leader; null: none.")
    permissions: Permissions | None = Field(
        default=None, description="What it may do: this and nothing else."
    )


class TeamUsers(Body):
    """Members, by their numbers."""

    user_ids: list[Id] = Field(description="Whom it concerns.", min_length=1, max_length=1000)


class UserChange(Body):
    """What is to become of a member; what is left out stays."""

    role_type: Role | None = Field(default=None, description="The new role.")
    has_billing: bool | None = Field(
        default=None, description="Whether the member sees invoices and payments."
    )
    permissions: Permissions | None = Field(
        default=None, description="Direct rights: these and no others."
    )


class Notifications(Body):
    """What is mailed to whoever accepts."""

    billing: bool = Field(default=True, description="Invoices and payments.")
    products: bool = Field(default=True, description="News of products.")


class InvitationPermissions(Body):
    """What whoever accepts may do."""

    billing: bool = Field(default=False, description="Whether invoices are seen.")
    products: Permissions = Field(default=[], description="Rights on services and products.")


class NewInvitation(Body):
    """Somebody to invite."""

    email: str = Field(description="Where the invitation goes.", min_length=5, max_length=255)
    first_name: str = Field(description="First name.", min_length=1, max_length=128)
    last_name: str = Field(description="Last name.", min_length=1, max_length=128)
    locale: str = Field(
        description="Language of the mail: fr_FR, en_GB, de_DE, it_IT, es_ES.",
        min_length=2,
        max_length=5,
        examples=["fr_FR"],
    )
    role_type: Role = Field(description="The role that accepting gives.")
    teams: list[Id] = Field(default=[], description="Teams to join.", max_length=100)
    notifications: Notifications = Field(
        default=Notifications(), description="What is mailed to whoever accepts."
    )
    permissions: InvitationPermissions = Field(
        default=InvitationPermissions(), description="What whoever accepts may do."
    )
    silent: bool = Field(
        default=False, description="Send no mail: you hand over url_accept yourself."
    )
    strict: bool = Field(
        default=True, description="Only an account with this very address may accept."
    )


class InvitationChange(Body):
    """What a waiting invitation is to give; what is left out stays."""

    role_type: Role | None = Field(default=None, description="The role that accepting gives.")
    language_id: Id | None = Field(default=None, description="Language of its mails.")
    team_ids: list[Id] | None = Field(
        default=None, description="Teams to join: these and no others.", max_length=100
    )
    has_billing: bool | None = Field(default=None, description="Whether invoices are seen.")
    has_billing_mailing: bool | None = Field(default=None, description="Mails on invoices.")
    has_mailing: bool | None = Field(default=None, description="Mails on products.")
    permissions: Permissions | None = Field(
        default=None, description="Rights: these and no others."
    )


class Invitation(Shape):
    """Somebody asked to join."""

    id: Id = Field(description="The invitation's number.", examples=[9])
    account_id: Id = Field(description="The organization.", examples=[12])
    email: str = Field(description="Where it went.", examples=["nora@books.example"])
    first_name: str = Field(description="First name.", examples=["Nora"])
    last_name: str = Field(description="Last name.", examples=["Whitfield"])
    locale: str = Field(description="Language of its mails.", examples=["en_GB"])
    language_id: Id | None = Field(description="The same by number, or null.", examples=[2])
    role_type: RoleName = Field(description="The role that accepting gives.")
    status: State = Field(description="What became of it.")
    strict: bool = Field(description="Whether only an account with this address may accept.")
    silent: bool = Field(description="Whether no mail was sent.")
    has_billing: bool = Field(description="Whether invoices are seen.")
    has_billing_mailing: bool = Field(description="Mails on invoices.")
    has_mailing: bool = Field(description="Mails on products.")
    created_at: Instant = Field(description="When it was made.", examples=[1764000000])
    sent_at: Instant | None = Field(description="When it was last mailed.", examples=[1764000000])
    expired_at: Instant = Field(description="When its link dies.", examples=[1765209600])
    team_ids: list[Id] = expansion("Teams to join.")
    teams: list[TeamName] = expansion("The same by name.")
    permissions: list[Permission] = expansion("Rights it gives.")
    url_accept: str | None = Field(
        default=None,
        description="The link; only in the answer that makes the invitation, never again.",
    )
    qr_code: str | None = Field(
        default=None,
        description="The link as a QR code: an SVG as a data: address. Only beside url_accept.",
    )
