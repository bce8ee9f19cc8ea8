"""The ways to prove a second step, each drawn by a panel of the verification page.

A part registers its kind: ``ways`` makes the choices that a person has of it out of their methods,
``fill`` what its template ``identity/two_step/panel_<kind>.html`` is drawn with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import Method, SignInStep

    Ways = Callable[[SignInStep, Sequence[Method]], "Sequence[Way]"]
    Fill = Callable[[IdentityRequest, SignInStep, "Way"], Mapping[str, Any]]

# As they are offered, the safest against a page that only looks like ours first.
ORDER = ("passkey", "authenticator", "code", "sms", "backup")


@dataclass(frozen=True, slots=True)
class Way:
    """One choice. ``key`` names it in the address: the kind, or a method's public ID."""

    key: str
    kind: str
    title: StrOrPromise
    text: StrOrPromise = ""
    icon: str = "shield"
    methods: tuple[Method, ...] = ()

    @property
    def template(self) -> str:
        """Return the panel's template."""
        return f"identity/two_step/panel_{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Panel:
    """What is known of one kind."""

    ways: Ways
    fill: Fill


_panels: dict[str, Panel] = {}


def register(kind: str, *, ways: Ways, fill: Fill) -> None:
    """Offer this kind on the verification page."""
    if kind not in ORDER:
        raise ValueError(f"unknown kind of panel: {kind}")
    _panels[kind] = Panel(ways, fill)


def ways_of(step: SignInStep, methods: Sequence[Method]) -> tuple[Way, ...]:
    """Return every way of this person, in the order in which they are offered."""
    return tuple(
        way for kind in ORDER if kind in _panels for way in _panels[kind].ways(step, methods)
    )


def fill(request: IdentityRequest, step: SignInStep, way: Way) -> Mapping[str, Any]:
    """Return what the way's template is drawn with."""
    return _panels[way.kind].fill(request, step, way)


def preferred(ways: Sequence[Way], methods: Sequence[Method]) -> Way | None:
    """Return the way that stands open at first: the default method's."""
    default = next((method for method in methods if method.is_default), None)
    for way in ways:
        if default is not None and default in way.methods:
            return way
    return ways[0] if ways else None
