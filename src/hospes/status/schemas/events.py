"""What the API tells of events."""

from __future__ import annotations

from pydantic import Field

from hospes.rest.shapes import Id, Instant, Shape, expansion


class EventUpdate(Shape):
    """What was said about an event at one time."""

    at: Instant = Field(description="When it was published.", examples=[1767225600])
    status: str = Field(
        description="The status that the event has had since.", examples=["monitored"]
    )
    text: str = Field(description="What was said; empty where only the status changed.")
    locale: str = Field(description="The language that the text is in.", examples=["en"])


class Event(Shape):
    """An incident or a maintenance of the provider's services."""

    id: Id = Field(description="The event's number.", examples=[12])
    event_type: str = Field(description="`incident` or `maintenance`.", examples=["incident"])
    status: str = Field(
        description="`planned`, `ongoing`, `monitored`, `resolved` or `cancelled`.",
        examples=["ongoing"],
    )
    is_cyberattack: bool = Field(description="Whether an attack causes it.")
    is_auto: bool = Field(description="Whether a monitor published it, and nobody by hand.")
    title: str = Field(description="What it is about.", examples=["Mail is delivered late"])
    description: str = Field(description="More about it; may be empty.")
    locale: str = Field(description="The language that the title is in.", examples=["en"])
    services: list[str] = Field(
        description="The services it touches, in the provider's words.", examples=[["Mail"]]
    )
    starts_at: Instant = Field(description="When it begins or began.", examples=[1767225600])
    ends_at: Instant | None = Field(
        description="When its end is expected or was; null where nobody knows yet."
    )
    url: str = Field(
        description="Its page for people.", examples=["https://hosting.example/status/12"]
    )
    created_at: Instant = Field(description="When it was published.", examples=[1767225600])
    updated_at: Instant = Field(description="When it changed last.", examples=[1767229200])
    deleted_at: Instant | None = Field(
        description="When staff took it off the page; null for all that others see."
    )
    updates: list[EventUpdate] = expansion("What was said about it since, newest first.")
