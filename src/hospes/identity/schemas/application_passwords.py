"""Application passwords as the REST API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from hospes.identity.schemas.profile import OneTimeCode
from hospes.rest.shapes import Body, Id, Instant, Shape


class ApplicationPassword(Shape):
    """A password for one program, without the password itself."""

    id: Id = Field(description="The password's number.", examples=[7])
    name: str = Field(description="What it is for.", examples=["Mail on my phone"])
    created_at: Instant = Field(description="When it was created.", examples=[1764000000])
    last_used_at: Instant | None = Field(
        description="When it was last used, to the minute; null: never.", examples=[1764000000]
    )
    last_used_by: str | None = Field(
        description="The application that it was last used with; null: never used.",
        examples=["Mail server"],
    )


class NewApplicationPassword(ApplicationPassword):
    """A password for one program, this once with the password."""

    password: str = Field(
        description=(
            "The password, answered only now. Hyphens, spaces and upper case make no difference "
            "where it is typed."
        ),
        examples=["abcd-efgh-jkmn-pqrs-tuvw"],
    )


class CreateApplicationPassword(Body):
    """A password that is to be made."""

    name: str = Field(description="What it is for.", examples=["Mail on my phone"])
    current_password: str = Field(description="The account's present password.", max_length=1024)
    one_time_code: OneTimeCode = None
