"""What is looked up: languages, countries, time zones, actions."""

from __future__ import annotations

from pydantic import Field

from hospes.rest.shapes import Id, Shape


class Language(Shape):
    """A language of this installation."""

    id: Id = Field(description="The language's number; it never changes.", examples=[1])
    name: str = Field(description="The language's name, in itself.", examples=["français"])
    short_name: str = Field(description="Its ISO 639-1 code.", examples=["fr"])
    locale: str = Field(description="Language and region.", examples=["fr_FR"])
    short_locale: str = Field(description="The language alone.", examples=["fr"])


class Country(Shape):
    """A country or territory of ISO 3166-1."""

    id: Id = Field(description="The country's number; it never changes.", examples=[86])
    name: str = Field(description="Its name in English.", examples=["Switzerland"])
    short_name: str = Field(description="Its ISO 3166-1 alpha-2 code.", examples=["CH"])
    is_enabled: bool = Field(
        description="Whether a person or an organization can have an address there."
    )


class Timezone(Shape):
    """A time zone of the IANA database."""

    id: Id = Field(description="The zone's number; it never changes.", examples=[2119405293])
    name: str = Field(description="Its name.", examples=["Europe/Zurich"])
    gmt: str = Field(description="Its distance from UTC at present.", examples=["+01:00"])


class Action(Shape):
    """A kind of thing that activity logs tell of."""

    id: Id = Field(description="The action's number; it never changes.", examples=[1283112375])
    code: str = Field(description="Its name in logs.", examples=["identity.signed_in"])
    description: str = Field(description="What happened, in English.", examples=["Signed in"])
