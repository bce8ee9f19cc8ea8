"""What answers hold.

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Account(TypedDict):
    """An organization: the customer."""

    id: int
    name: str
    legal_entity_type: str
    role: str
    created_at: int
    timezone: str
    locale: str
    language_id: int | None
    website: str
    email: str
    phone: str
    has_2fa_required: bool
    is_blocked: bool
    blocked_at: int | None
    is_customer: bool
    field1: NotRequired[str]
    field2: NotRequired[str]
    addresses: NotRequired[list[Address]]
    logo: NotRequired[str]
    tags: NotRequired[list[Tag]]
    nb_users: NotRequired[int]
    nb_invitations: NotRequired[int]
    count_owners: NotRequired[int]


class Action(TypedDict):
    """A kind of thing that activity logs tell of."""

    id: int
    code: str
    description: str


class Address(TypedDict):
    """Where an organization is, or where its invoices go."""

    type: str
    street: str
    street2: str
    zip: str
    city: str
    country: str
    country_id: int
    for_invoice: bool


class AppAccess(TypedDict):
    """A product that a member has rights on."""

    product_id: int
    product_name: str
    service_id: int
    service_name: str
    rights: list[str]


class ApplicationPassword(TypedDict):
    """A password for one program, without the password itself."""

    id: int
    name: str
    created_at: int
    last_used_at: int | None
    last_used_by: str | None


class Connection(TypedDict):
    """What signing in, and failing to, brings about."""

    successful_notification: bool
    unsuccessful_notification: bool
    unsuccessful_limit: bool
    unsuccessful_rate_limit: int | None


class Country(TypedDict):
    """A country or territory of ISO 3166-1."""

    id: int
    name: str
    short_name: str
    is_enabled: bool


class CurrentAccount(TypedDict):
    """The organization that programs begin with."""

    current_account_id: int | None
    last_login_at: int | None


class Email(TypedDict):
    """An address of a person."""

    id: int
    type: str
    email: str
    is_primary: bool
    reminder: bool
    checked: bool
    checked_at: int | None


class Event(TypedDict):
    """An incident or a maintenance of the provider's services."""

    id: int
    event_type: str
    status: str
    is_cyberattack: bool
    is_auto: bool
    title: str
    description: str
    locale: str
    services: list[str]
    starts_at: int
    ends_at: int | None
    url: str
    created_at: int
    updated_at: int
    deleted_at: int | None
    updates: NotRequired[list[EventUpdate]]


class EventUpdate(TypedDict):
    """What was said about an event at one time."""

    at: int
    status: str
    text: str
    locale: str


class Invitation(TypedDict):
    """Somebody asked to join."""

    id: int
    account_id: int
    email: str
    first_name: str
    last_name: str
    locale: str
    language_id: int | None
    role_type: str
    status: str
    strict: bool
    silent: bool
    has_billing: bool
    has_billing_mailing: bool
    has_mailing: bool
    created_at: int
    sent_at: int | None
    expired_at: int
    team_ids: NotRequired[list[int]]
    teams: NotRequired[list[TeamName]]
    permissions: NotRequired[list[Permission]]
    url_accept: NotRequired[str | None]
    qr_code: NotRequired[str | None]


class Language(TypedDict):
    """A language of this installation."""

    id: int
    name: str
    short_name: str
    locale: str
    short_locale: str


class NewApplicationPassword(TypedDict):
    """A password for one program, this once with the password."""

    id: int
    name: str
    created_at: int
    last_used_at: int | None
    last_used_by: str | None
    password: str


class OwnLanguage(TypedDict):
    """The language of a person's pages and mails."""

    id: int
    name: str
    short_name: str
    locale: str
    short_locale: str


class OwnTimezone(TypedDict):
    """The time zone of a person's pages and mails."""

    id: int
    name: str
    gmt: str


class Permission(TypedDict):
    """What is held on all products of a service, on one product, or on everything."""

    service_id: int | None
    service_name: str
    product_id: int | None
    rights: list[str]


class Phone(TypedDict):
    """A telephone number of a person."""

    id: int
    phone: str
    type: str
    reminder: bool
    checked: bool
    checked_at: int | None


class Preferences(TypedDict):
    """What a person has settled, by subject."""

    account: CurrentAccount
    connection: Connection
    language: OwnLanguage | None
    timezone: OwnTimezone
    security: NotRequired[Security]


class Product(TypedDict):
    """A thing that an organization holds."""

    id: int
    account_id: int
    service_id: int
    service_name: str
    internal_name: str
    customer_name: str
    fqdn: str
    created_at: int
    expired_at: int | None
    is_free: bool
    is_locked: bool
    tags: NotRequired[list[Tag]]
    rights: NotRequired[list[str]]


class Profile(TypedDict):
    """The person behind the token."""

    id: int
    display_name: str
    first_name: str
    last_name: str
    firstname: str
    lastname: str
    email: str
    login: str
    avatar: str | None
    locale: str
    language_id: int | None
    timezone: str
    timezone_id: int
    successful_connexion_notification: bool
    unsuccessful_connexion_notification: bool
    unsuccessful_connexion_limit: bool
    unsuccessful_connexion_rate_limit: int | None
    created_at: int
    preferences: Preferences
    security: NotRequired[Security]
    emails: NotRequired[list[Email]]
    phones: NotRequired[list[Phone]]


class Security(TypedDict):
    """How an account is protected."""

    score: int
    double_auth: bool
    double_auth_method: str
    authenticator: bool
    otp: bool
    sms: bool
    passkey: bool
    double_auth_methods: list[str]
    remaining_rescue_code: int
    has_recovery_email: bool
    has_valid_phone: bool
    email_validated_at: int | None
    last_login_at: int | None
    date_last_changed_password: int


class Service(TypedDict):
    """An entry of the provider's catalogue."""

    id: int
    code: str
    name: str
    product_count: int
    count: int


class Tag(TypedDict):
    """A label that an organization puts on its products."""

    id: int
    name: str
    color_id: int
    product_count: NotRequired[int]


class Task(TypedDict):
    """Work that an answer with ``result: asynchronous`` began."""

    uuid: str
    status: Literal["spooled", "running", "executed", "failed"]
    created_at: int
    updated_at: int
    executed_at: int | None
    finished_at: int | None
    response: Any
    error: dict[str, Any] | None


class Team(TypedDict):
    """A work team."""

    id: int
    name: str
    color_id: int
    owned_by_id: int | None
    created_by_id: int | None
    created_at: int
    updated_at: int
    user_count: int
    product_count: int
    product_by_service_count: dict[str, int]
    is_sso: bool
    permissions: NotRequired[list[Permission]]
    users: NotRequired[list[User]]


class TeamName(TypedDict):
    """A work team by name."""

    id: int
    name: str
    color_id: int


class Timezone(TypedDict):
    """A time zone of the IANA database."""

    id: int
    name: str
    gmt: str


class User(TypedDict):
    """A member of an organization."""

    id: int
    user_id: int
    display_name: str
    first_name: str
    last_name: str
    email: str | None
    role_type: str
    created_at: int
    avatar: str | None
    has_billing: NotRequired[bool]
    teams: NotRequired[list[TeamName]]
    permissions: NotRequired[list[Permission]]
    double_auth: NotRequired[bool]
    last_login_at: NotRequired[int | None]
    is_locked: NotRequired[bool]
