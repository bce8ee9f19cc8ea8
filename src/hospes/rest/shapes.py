"""What bodies and answers are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

LARGEST = 2**63 - 1

# A row's key. The database knows no larger number.
Id = Annotated[int, Field(ge=1, le=LARGEST)]
# Whole seconds since 1970-01-01 UTC.
Instant = Annotated[int, Field(ge=0, le=LARGEST)]


class Body(BaseModel):
    """What a write takes. A field that it does not know is a fault, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def sent(self) -> dict[str, Any]:
        """Return the fields that the client named, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Shape(BaseModel):
    """What an answer holds. A field that nobody set is left out of it.

    A field that only ``with`` brings is declared by ``expansion``.
    """

    model_config = ConfigDict(extra="forbid")


def expansion(description: str, **options: Any) -> Any:
    """Return a field that is in the answer only where ``with`` names it."""
    return Field(default=None, description=f"{description} Only where `with` names it.", **options)
