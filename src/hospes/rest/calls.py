"""One request as an endpoint sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hospes.rest.faults import Problem

if TYPE_CHECKING:
    from hospes.kit.origin import Origin
    from hospes.kit.principal import Principal
    from hospes.rest.routes import Route
    from hospes.rest.words import Asked


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed: its token, its words, its body.

    ``body`` is an instance of the route's model, ``None`` where it has none. A service gets
    ``origin``, never this.
    """

    route: Route
    principal: Principal
    origin: Origin
    asked: Asked
    body: Any = None

    @property
    def dry_run(self) -> bool:
        """Return whether nothing of this will stay: the frame takes it all back."""
        return self.asked.dry_run

    def wants(self, name: str) -> bool:
        """Return whether ``with`` named ``name``."""
        return self.asked.wants(name)

    def word(self, name: str, default: Any = None) -> Any:
        """Return the value of one of the endpoint's own words."""
        return self.asked.words.get(name, default)

    def needs(self, scope: str) -> None:
        """Refuse where the token lacks a scope beyond the route's own.

        Raises:
            Problem: ``forbidden``, naming the scope.

        """
        if scope not in self.principal.scopes:
            raise lacks(scope)


def lacks(scope: str) -> Problem:
    """Return the refusal of a token that was made without ``scope``."""
    return Problem(
        "forbidden",
        description=f"This takes a token with the scope {scope}; this one was made without it.",
        context={"attribute": "scope", "values": [scope]},
    )
