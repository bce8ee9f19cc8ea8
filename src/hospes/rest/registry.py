"""Every endpoint, tag and scope that the rooms brought along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.rest.routes import Route, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django_stubs_ext import StrOrPromise

    from hospes.rest.calls import Call
    from hospes.rest.routes import Found


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token may be given: ``name`` as clients read it, ``label`` as people do."""

    name: str
    label: StrOrPromise
    # What documentation, which is in English only, says of it.
    description: str


_routes: dict[str, Route] = {}
_tags: dict[str, str] = {}
_scopes: dict[str, Scope] = {}
_tree = Tree()
_current_account: list[Callable[[Call], int | None]] = []


def register(*routes: Route) -> None:
    """Take up a room's endpoints (from ``apps.ready``).

    Raises:
        ValueError: where two want the same method and address.

    """
    for route in routes:
        if _routes.get(route.name) is route:
            continue
        _tree.add(route)
        _routes[route.name] = route


def register_tag(name: str, description: str) -> None:
    """Describe a heading of the documentation, in English; tags come in this order."""
    _tags[name] = description


def register_scope(name: str, label: StrOrPromise, description: str) -> None:
    """Name a scope for people (``label``, a lazy translation) and for the documentation."""
    _scopes[name] = Scope(name, label, description)


def register_current_account(finder: Callable[[Call], int | None]) -> None:
    """Say which organization a call is about where it names none; None: in none."""
    _current_account[:] = [finder]


def current_account(call: Call) -> int | None:
    """Return the organization that a call is about where it names none, if there is one."""
    return next((finder(call) for finder in _current_account), None)


def find(path: str, method: str) -> Found | None:
    """Return the endpoints at ``path`` (what follows ``/api/``), if there are any."""
    return _tree.find(path, method)


def routes() -> tuple[Route, ...]:
    """Return every endpoint, by tag, path and method as they came."""
    order = {name: number for number, name in enumerate(_tags)}
    return tuple(sorted(_routes.values(), key=lambda route: order.get(route.tag, len(order))))


def tags() -> dict[str, str]:
    """Return every heading with its description."""
    return dict(_tags)


def scopes() -> tuple[Scope, ...]:
    """Return every scope a token may be given, in the order they were registered."""
    return tuple(_scopes.values())


def unknown_scopes(names: Iterable[str]) -> list[str]:
    """Return which of ``names`` no room registered."""
    return [name for name in names if name not in _scopes]
