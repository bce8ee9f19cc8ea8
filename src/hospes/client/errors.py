"""What can go wrong with a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request; ``attribute`` is dotted where it lies deeper: ``teams.0``."""

    attribute: str
    code: str
    description: str
    # What is accepted, where that can be listed.
    values: tuple[str, ...] = ()


class ApiError(Exception):
    """The call was not answered with a success.

    ``status`` is the HTTP status, 0 where no answer came. ``code`` is the published one;
    ``unreachable`` where no answer came, ``unreadable_answer`` where it is none of this API's.
    """

    def __init__(
        self, code: str, description: str, faults: tuple[Fault, ...] = (), *, status: int = 0
    ) -> None:
        self.code = code
        self.description = description
        self.faults = faults
        self.status = status
        told = "".join(f"; {each.attribute}: {each.description}" for each in faults)
        super().__init__(f"{code}: {description}{told}")


class TaskFailed(ApiError):
    """An asynchronous task ended as failed."""


class TaskTimeout(ApiError):
    """An asynchronous task was not done in the time that the caller had."""


def of_error(error: Any, status: int, kind: type[ApiError] = ApiError) -> ApiError:
    """Return the exception for what stands under ``error`` in an answer."""
    told = error if isinstance(error, dict) else {}
    errors = told.get("errors")
    return kind(
        str(told.get("code", "unreadable_answer")),
        str(told.get("description", "The answer is none of this API.")),
        tuple(_fault(each) for each in errors if isinstance(each, dict))
        if isinstance(errors, list)
        else (),
        status=status,
    )


def _fault(told: dict[str, Any]) -> Fault:
    context = told.get("context")
    known = context if isinstance(context, dict) else {}
    values = known.get("values")
    return Fault(
        str(known.get("attribute", "")),
        str(told.get("code", "")),
        str(told.get("description", "")),
        tuple(str(value) for value in values) if isinstance(values, list) else (),
    )
