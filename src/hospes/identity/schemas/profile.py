"""A person's own profile as the REST API takes and answers it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from hospes.rest.shapes import Body, Id, Instant, Shape, expansion

EmailType = Annotated[str, WithJsonSchema({"type": "string", "enum": ["primary", "recovery"]})]

OneTimeCode = Annotated[
    str | None,
    Field(
        description=(
            "With current_password, where two-step verification is on: the code that the "
            "account's app shows now, or a backup code. It is used up."
        ),
        max_length=40,
        examples=["492039"],
    ),
]


class Security(Shape):
    """How an account is protected."""

    score: int = Field(
        description=(
            "One point each for a proved sign-in address, a recovery address, a recovery phone, "
            "two-step verification and backup codes."
        ),
        ge=0,
        le=5,
        examples=[4],
    )
    double_auth: bool = Field(description="Whether two-step verification is on.")
    double_auth_method: str = Field(
        description="The method asked for first, or empty.", examples=["authenticator"]
    )
    authenticator: bool = Field(description="Whether it has an authenticator device.")
    otp: bool = Field(description="Whether it has one-time codes.")
    sms: bool = Field(description="Whether it has codes by text message.")
    passkey: bool = Field(description="Whether it has a passkey.")
    double_auth_methods: list[str] = Field(
        description="Its methods that are set up.", examples=[["authenticator", "totp"]]
    )
    remaining_rescue_code: int = Field(description="How many backup codes are left.", examples=[10])
    has_recovery_email: bool = Field(description="Whether a recovery address is confirmed.")
    has_valid_phone: bool = Field(description="Whether a recovery phone is confirmed.")
    email_validated_at: Instant | None = Field(
        description="When the sign-in address was proved.", examples=[1764000000]
    )
    last_login_at: Instant | None = Field(description="When last signed in.", examples=[1764000000])
    date_last_changed_password: Instant = Field(
        description="When the password was last changed.", examples=[1764000000]
    )


class Email(Shape):
    """An address of a person."""

    id: Id = Field(description="1: sign-in address; 2: recovery address.", examples=[1])
    type: EmailType = Field(description="What it is for.")
    email: str = Field(description="The address.", examples=["lea@bergblume.example"])
    is_primary: bool = Field(description="Whether it is the sign-in address.")
    reminder: bool = Field(description="Whether it is the recovery address.")
    checked: bool = Field(description="Whether it was proved.")
    checked_at: Instant | None = Field(
        description="When it was proved; null: not yet.", examples=[1764000000]
    )


class Phone(Shape):
    """A telephone number of a person."""

    id: Id = Field(description="1: the recovery phone.", examples=[1])
    phone: str = Field(description="The number, in E.164.", examples=["+41791234567"])
    type: str = Field(description="What it is: `phone`.", examples=["phone"])
    reminder: bool = Field(description="Whether it is the recovery phone.")
    checked: bool = Field(description="Whether it was proved.")
    checked_at: Instant | None = Field(
        description="When it was proved; null: not yet.", examples=[1764000000]
    )


class CurrentAccount(Shape):
    """The organization that programs begin with."""

    current_account_id: Id | None = Field(
        description="The token's own organization, else the one joined first; null: none.",
        examples=[12],
    )
    last_login_at: Instant | None = Field(description="When last signed in.", examples=[1764000000])


class Connection(Shape):
    """What signing in, and failing to, brings about."""

    successful_notification: bool = Field(description="Whether each sign-in is mailed.")
    unsuccessful_notification: bool = Field(description="Whether a failed sign-in is mailed.")
    unsuccessful_limit: bool = Field(description="Whether failed sign-ins lock the account.")
    unsuccessful_rate_limit: int | None = Field(description="After how many.", examples=[10])


class OwnLanguage(Shape):
    """The language of a person's pages and mails."""

    id: Id = Field(description="The language's number.", examples=[1])
    name: str = Field(description="Its name, in itself.", examples=["français"])
    short_name: str = Field(description="Its ISO 639-1 code.", examples=["fr"])
    locale: str = Field(description="Language and region.", examples=["fr_FR"])
    short_locale: str = Field(description="The language alone.", examples=["fr"])


class OwnTimezone(Shape):
    """The time zone of a person's pages and mails."""

    id: Id = Field(description="The zone's number.", examples=[2119405293])
    name: str = Field(description="Its name.", examples=["Europe/Zurich"])
    gmt: str = Field(description="Its distance from UTC at present.", examples=["+01:00"])


class Preferences(Shape):
    """What a person has settled, by subject."""

    account: CurrentAccount = Field(description="The organization that programs begin with.")
    connection: Connection = Field(description="What signing in brings about.")
    language: OwnLanguage | None = Field(description="The language, or null.")
    timezone: OwnTimezone = Field(description="The time zone.")
    security: Security = expansion("How the account is protected.")


class Profile(Shape):
    """The person behind the token."""

    id: Id = Field(description="The person's number.", examples=[31])
    display_name: str = Field(description="Full name.", examples=["Léa Favre"])
    first_name: str = Field(description="First name.", examples=["Léa"])
    last_name: str = Field(description="Last name.", examples=["Favre"])
    firstname: str = Field(description="The same, as PATCH takes it.", examples=["Léa"])
    lastname: str = Field(description="The same, as PATCH takes it.", examples=["Favre"])
    email: str = Field(description="Sign-in address.", examples=["lea@bergblume.example"])
    login: str = Field(description="What the person signs in with.", examples=["lea@x.example"])
    avatar: str | None = Field(description="Address of the picture, or null.", examples=[None])
    locale: str = Field(description="Language and region.", examples=["fr_FR"])
    language_id: Id | None = Field(description="The language's number.", examples=[1])
    timezone: str = Field(description="IANA time zone.", examples=["Europe/Zurich"])
    timezone_id: Id = Field(description="The zone's number.", examples=[2119405293])
    successful_connexion_notification: bool = Field(description="Whether each sign-in is mailed.")
    unsuccessful_connexion_notification: bool = Field(
        description="Whether a failed sign-in is mailed."
    )
    unsuccessful_connexion_limit: bool = Field(
        description="Whether failed sign-ins lock the account."
    )
    unsuccessful_connexion_rate_limit: int | None = Field(
        description="After how many.", examples=[10]
    )
    created_at: Instant = Field(description="When the account was opened.", examples=[1764000000])
    preferences: Preferences = Field(description="What the person has settled, by subject.")
    security: Security = expansion("How the account is protected.")
    emails: list[Email] = expansion("Its addresses.")
    phones: list[Phone] = expansion("Its telephone numbers.")


class ProfileChange(Body):
    """What is to become of a profile; what is left out stays."""

    firstname: str | None = Field(default=None, description="First name.", max_length=128)
    lastname: str | None = Field(default=None, description="Last name.", max_length=128)
    email: str | None = Field(
        default=None,
        description=(
            "The new sign-in address. A link is mailed there: it counts once the link was used. "
            "Takes current_password."
        ),
        max_length=255,
    )
    language_id: Id | None = Field(default=None, description="The language's number.")
    locale: str | None = Field(
        default=None, description="The same by name.", max_length=5, examples=["fr_FR"]
    )
    timezone: str | None = Field(default=None, description="IANA time zone.", max_length=64)
    timezone_id: Id | None = Field(default=None, description="The same by number.")
    current_password: str | None = Field(
        default=None, description="The password, where a field says so.", max_length=1024
    )
    one_time_code: OneTimeCode = None
    password: str | None = Field(
        default=None, description="The new password. Takes current_password.", max_length=1024
    )
    keep_session_ids: list[str] | None = Field(
        default=None,
        description="Sessions that a new password leaves signed in; all others end.",
        max_length=100,
    )
    reminder_email: str | None = Field(
        default=None,
        description=(
            "The new recovery address; empty: none. It counts once the link mailed to it was "
            "used. Takes current_password."
        ),
        max_length=255,
    )
    reminder_phone: str | None = Field(
        default=None,
        description="The new recovery phone; empty: none. Takes current_password.",
        max_length=40,
    )
    successful_connexion_notification: bool | None = Field(
        default=None, description="Whether each sign-in is mailed. Takes current_password."
    )
    unsuccessful_connexion_notification: bool | None = Field(
        default=None, description="Whether a failed sign-in is mailed. Takes current_password."
    )
    unsuccessful_connexion_limit: bool | None = Field(
        default=None,
        description="Whether failed sign-ins lock the account. Takes current_password.",
    )
    unsuccessful_connexion_rate_limit: int | None = Field(
        default=None, description="After how many. Takes current_password.", ge=1, le=100
    )


class Confirmed(Body):
    """The password again, for what could lock its owner out."""

    current_password: str = Field(description="The account's password.", max_length=1024)
    one_time_code: OneTimeCode = None


class Avatar(Body):
    """A picture to show."""

    avatar: str = Field(
        description="The picture, JPEG, PNG, WebP or GIF, in base64.",
        min_length=1,
        max_length=8_000_000,
    )
    encoding: Literal["base64"] = Field(description="How the picture is written.")
