"""Asynchronous tasks, and what begins one."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from hospes.organizations.schemas.people import NewInvitation
from hospes.rest.shapes import Body, Instant, Shape

MOST_INVITATIONS = 1000


class Task(Shape):
    """Work that an answer with ``result: asynchronous`` began."""

    uuid: str = Field(
        description="The task's identifier.", examples=["0b0f7c52-6f0a-4c44-9d5a-1c1f8a3b7e21"]
    )
    status: Literal["spooled", "running", "executed", "failed"] = Field(
        description="Whether it waits, is under way, was done or could not be done."
    )
    created_at: Instant = Field(description="When it was asked for.", examples=[1764000000])
    updated_at: Instant = Field(description="When it last changed.", examples=[1764000002])
    executed_at: Instant | None = Field(
        description="When the work began; null before.", examples=[1764000001]
    )
    finished_at: Instant | None = Field(
        description="When it ended; null before.", examples=[1764000002]
    )
    response: Any = Field(
        description="What came of it, where it was done; otherwise null.", examples=[None]
    )
    error: dict[str, Any] | None = Field(
        description="Code, description and errors as in a refusal, where it failed."
    )


class NewInvitations(Body):
    """People to invite."""

    invitations: list[NewInvitation] = Field(
        description="Whom to invite; each as for a single invitation, but not `silent`.",
        min_length=1,
        max_length=MOST_INVITATIONS,
    )
