"""Organizations (``accounts`` in the published API), their addresses, services and products."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema

from hospes.organizations.schemas.people import RoleName
from hospes.rest.shapes import Body, Id, Instant, Shape, expansion

LegalType = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "enum": ["individual", "company", "public_body", "restrict"]}
    ),
]
AddressType = Annotated[str, WithJsonSchema({"type": "string", "enum": ["main", "billing"]})]


class Address(Shape):
    """Where an organization is, or where its invoices go."""

    type: AddressType = Field(description="Which address it is.")
    street: str = Field(description="Street and number.", examples=["Seestrasse 12"])
    street2: str = Field(description="A second line, or empty.", examples=[""])
    zip: str = Field(description="Postal code.", examples=["8002"])
    city: str = Field(description="Town.", examples=["Zürich"])
    country: str = Field(description="ISO 3166-1 alpha-2 code.", examples=["CH"])
    country_id: Id = Field(description="The country's number, see /1/countries.", examples=[86])
    for_invoice: bool = Field(description="Whether invoices bear this address.")


class Tag(Shape):
    """A label that an organization puts on its products."""

    id: Id = Field(description="The tag's number.", examples=[7])
    name: str = Field(description="What it is called.", examples=["Shops"])
    color_id: int = Field(description="Number of its colour.", examples=[2])
    product_count: int = expansion("How many products bear it.", examples=[3])


class Service(Shape):
    """An entry of the provider's catalogue."""

    id: Id = Field(description="The service's number.", examples=[3])
    code: str = Field(description="Its name for programs.", examples=["web-hosting"])
    name: str = Field(description="Its name in the account's language.", examples=["Web hosting"])
    product_count: int = Field(
        description="How many products of it the account sees here.", examples=[4]
    )
    count: int = Field(description="The same.", examples=[4])


class Product(Shape):
    """A thing that an organization holds."""

    id: Id = Field(description="The product's number.", examples=[42])
    account_id: Id = Field(description="The organization that holds it.", examples=[12])
    service_id: Id = Field(description="The service that it is of.", examples=[3])
    service_name: str = Field(description="The service's code.", examples=["web-hosting"])
    internal_name: str = Field(
        description="What the provider's systems call it.", examples=["h-2041"]
    )
    customer_name: str = Field(
        description=(
            "What it is called by its holder; where it was given no name, its host name, else what "
            "the provider's systems call it."
        ),
        examples=["Shop"],
    )
    fqdn: str = Field(description="Its host name, or empty.", examples=["shop.example"])
    created_at: Instant = Field(description="When it was ordered.", examples=[1764000000])
    expired_at: Instant | None = Field(
        description="When it ends unless it is renewed; null: it has no end.",
        examples=[1795536000],
    )
    is_free: bool = Field(description="Whether it costs nothing.")
    is_locked: bool = Field(description="Whether the provider has locked it.")
    tags: list[Tag] = expansion("The tags that it bears.")
    rights: list[str] = expansion(
        "What the account may do on it: technical, statistic, check, sale."
    )


class Account(Shape):
    """An organization: the customer."""

    id: Id = Field(description="The organization's number.", examples=[12])
    name: str = Field(description="Its name.", examples=["Bergblume Fleurs"])
    legal_entity_type: LegalType = Field(description="What it is before the law.")
    role: RoleName = Field(description="The role of the account behind the token in it.")
    created_at: Instant = Field(description="When it was made.", examples=[1764000000])
    timezone: str = Field(description="IANA time zone, or empty.", examples=["Europe/Zurich"])
    locale: str = Field(description="Language and region, or empty.", examples=["fr_FR"])
    language_id: Id | None = Field(description="The language's number, or null.", examples=[1])
    website: str = Field(description="Its site, or empty.", examples=["https://shop.example"])
    email: str = Field(description="Its e-mail address, or empty.", examples=["info@shop.example"])
    phone: str = Field(description="Its telephone number, or empty.", examples=["+41441234567"])
    has_2fa_required: bool = Field(
        description="Whether every member has to have two-step verification."
    )
    is_blocked: bool = Field(description="Whether the provider has blocked it.")
    blocked_at: Instant | None = Field(description="Since when it is blocked.", examples=[None])
    is_customer: bool = Field(description="Whether it holds any product.")
    field1: str = expansion("First free line on its invoices.")
    field2: str = expansion("Second free line on its invoices.")
    addresses: list[Address] = expansion("Its addresses.")
    logo: str = expansion("Address of its logo, or empty.")
    tags: list[Tag] = expansion("Its tags.")
    nb_users: int = expansion("How many members it has.")
    nb_invitations: int = expansion("How many invitations wait for an answer.")
    count_owners: int = expansion("How many legal representatives it has.")


class NewTag(Body):
    """A tag to make."""

    name: str = Field(description="What it is called; unique here.", min_length=1, max_length=40)
    color_id: int = Field(default=0, description="Number of its colour.", ge=0, le=99)


class TagChange(Body):
    """What a tag is to become; what is left out stays."""

    name: str | None = Field(
        default=None, description="What it is called.", min_length=1, max_length=40
    )
    color_id: int | None = Field(default=None, description="Number of its colour.", ge=0, le=99)


class ProductChange(Body):
    """What a product's holder may change of it."""

    customer_name: str | None = Field(
        default=None, description="What it is called by its holder; empty: no name.", max_length=128
    )
    tag_ids: list[Id] | None = Field(
        default=None, description="The tags that it is to bear, all of them.", max_length=50
    )
