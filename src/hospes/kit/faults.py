"""What a person is told when something is refused: every fault at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one field.

    ``field`` names the field of the command, ``""`` for the whole of it. ``code`` is a stable
    word; the front end finds its sentence by field and code, and fills it in with ``params``.
    """

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """A command that cannot be carried out; nothing was changed."""

    def __init__(self, *faults: Fault | Iterable[Fault]) -> None:
        found: list[Fault] = []
        for item in faults:
            if isinstance(item, Fault):
                found.append(item)
            else:
                found.extend(item)
        if not found:
            raise ValueError("a refusal names at least one fault")
        self.faults: tuple[Fault, ...] = tuple(found)
        super().__init__(", ".join(f"{fault.field or '*'}: {fault.code}" for fault in found))

    def has(self, field: str, code: str) -> bool:
        """Return whether ``field`` was refused for ``code``."""
        return any(fault.field == field and fault.code == code for fault in self.faults)
