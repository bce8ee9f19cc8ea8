"""What an endpoint is, and which one answers a method and an address."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hospes.rest import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hospes.rest.answers import Answer
    from hospes.rest.shapes import Body

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LARGEST_ID = 2**63 - 1
BODY_LIMIT = 1024 * 1024
_SEGMENT = re.compile(r"\{(?P<name>[a-z_]+)(?::(?P<kind>int|uuid|text))?\}", re.ASCII)
_STATIC = re.compile(r"[a-z0-9][a-z0-9_.-]*", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


class NotSuch(Exception):
    """A segment of an address that names nothing there could be."""


def _id(text: str) -> int:
    if not _ID.fullmatch(text) or int(text) > LARGEST_ID:
        raise NotSuch
    return int(text)


def _uuid(text: str) -> str:
    try:
        found = uuid.UUID(text)
    except ValueError:
        raise NotSuch from None
    return str(found)


def _text(text: str) -> str:
    if not text or len(text) > words.LONGEST_TEXT:
        raise NotSuch
    return text


CONVERTERS: dict[str, Callable[[str], Any]] = {"int": _id, "uuid": _uuid, "text": _text}


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    ``path`` is below the version: ``/accounts/{account}/teams``. A segment in braces is a row's
    key (``{team}``), a UUID (``{task:uuid}``) or a text (``{zone:text}``); ``handler`` gets it
    by name after the ``Call``, and ``parameters`` describes it.

    ``scope`` is what the token needs, ``None`` where any living one does. ``answer`` is the type
    of ``data``: a ``Shape``, ``list[...]`` of one, ``bool`` (``True`` for "done"), ``str``…
    ``also`` are further versions under which it answers. ``errors`` are codes beyond those that
    follow from the declaration (``faults.CODES``).

    ``attributes`` names a command's fields as the body does, where these differ, and ``codes``
    gives a room's fault codes a published name. ``may_change_nothing`` is for a write that only
    asks (a check): other writes that wrote nothing are answered ``nothing_changed``.
    ``before`` is what counts whatever becomes of the write, such as a password that was tried: it
    is carried out and committed first. ``older_paths`` are further paths, with the same segments
    in braces, that programs of older days ask for: they answer alike and are not documented.
    ``admits`` raises where whoever calls may not have this done, as ``handler`` would before it
    does anything: an answer that was kept is given again only to somebody whom it lets in still.
    """

    method: str
    path: str
    version: int
    handler: Callable[..., Answer]
    summary: str
    description: str
    tag: str
    scope: str | None
    answer: Any
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: words.Query = words.NONE
    body: type[Body] | None = None
    body_limit: int = BODY_LIMIT
    status: int = 200
    errors: tuple[str, ...] = ()
    also: tuple[int, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    is_async: bool = False
    before: Callable[..., None] | None = None
    admits: Callable[..., object] | None = None
    dry_run: bool = False
    may_change_nothing: bool = False
    older_paths: tuple[str, ...] = ()
    # A body for the documentation's examples, where the fields' own do not make a good one.
    example: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"no method of this API: {self.method}")
        if self.method == "GET" and (self.body or self.dry_run or self.is_async):
            raise ValueError(f"{self.path}: reading takes no body and begins nothing")
        if set(self.parameters) != set(self.kinds):
            raise ValueError(f"{self.path}: describe exactly what stands in braces")
        for path in self.older_paths:
            if [kind for _, kind in map(_read, _split(path)) if kind] != [*self.kinds.values()]:
                raise ValueError(f"{path}: other segments than {self.path}")
        if not (self.summary and self.description and self.tag):
            raise ValueError(f"{self.path}: say what it does")

    @property
    def kinds(self) -> dict[str, str]:
        """Return the kind of each segment in braces, by its name and in their order."""
        return {name: kind for name, kind in map(_read, _split(self.path)) if kind}

    @property
    def plain_path(self) -> str:
        """Return the path without the kinds: ``/async/tasks/{task_uuid}``."""
        return "".join(
            f"/{{{name}}}" if kind else f"/{name}" for name, kind in map(_read, _split(self.path))
        )

    @property
    def versions(self) -> tuple[int, ...]:
        """Return every version it answers under, its own first."""
        return (self.version, *self.also)

    @property
    def name(self) -> str:
        """Return a name that no other endpoint has: ``get_1_accounts_account_teams``."""
        path = re.sub(r"[^a-z0-9]+", "_", self.plain_path)
        return f"{self.method.lower()}_{self.version}{path}".rstrip("_")


def _split(path: str) -> list[str]:
    if not path.startswith("/") or path.endswith("/"):
        raise ValueError(f"a path begins with a slash and ends without: {path}")
    return path[1:].split("/")


def _read(segment: str) -> tuple[str, str]:
    found = _SEGMENT.fullmatch(segment)
    if found:
        return found["name"], found["kind"] or "int"
    if not _STATIC.fullmatch(segment):
        raise ValueError(f"not a segment of an address: {segment}")
    return segment, ""


class _Node:
    """One segment's place in the tree of addresses."""

    __slots__ = ("below", "named", "routes")

    def __init__(self) -> None:
        self.named: dict[str, _Node] = {}
        self.below: _Node | None = None
        # By version, then by method.
        self.routes: dict[int, dict[str, Route]] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """An address that exists: the endpoints there by method, and its segments in braces."""

    routes: Mapping[str, Route]
    segments: tuple[str, ...]


class Tree:
    """Every address. A segment's own name goes before one in braces."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, route: Route) -> None:
        """Take up an endpoint.

        Raises:
            ValueError: where another one answers the same method and address.

        """
        for path in (route.path, *route.older_paths):
            self._add(path, route)

    def _add(self, path: str, route: Route) -> None:
        node = self._root
        for name, kind in map(_read, _split(path)):
            if kind:
                node.below = node.below or _Node()
                node = node.below
            else:
                node = node.named.setdefault(name, _Node())
        for version in route.versions:
            methods = node.routes.setdefault(version, {})
            if methods.setdefault(route.method, route) is not route:
                raise ValueError(f"two endpoints want {route.method} /{version}{path}")

    def find(self, path: str, method: str) -> Found | None:
        """Return what is at ``path``, which is what follows ``/api/``, if anything is.

        Without a version the newest one answers that has the method there.
        """
        first, _, rest = path.partition("/")
        if first.isascii() and first.isdigit() and rest:
            if len(first) > 4:  # noqa: PLR2004 - no version is that far off
                return None
            return _walk(self._root, rest.split("/"), (), int(first), method)
        return _walk(self._root, path.split("/"), (), None, method)


def _walk(
    node: _Node, left: list[str], seen: tuple[str, ...], version: int | None, method: str
) -> Found | None:
    if not left:
        return _at(node, seen, version, method)
    named = node.named.get(left[0])
    found = _walk(named, left[1:], seen, version, method) if named else None
    if found is None and node.below is not None and left[0]:
        found = _walk(node.below, left[1:], (*seen, left[0]), version, method)
    return found


def _at(node: _Node, seen: tuple[str, ...], version: int | None, method: str) -> Found | None:
    if version is not None:
        routes = node.routes.get(version)
        return Found(routes, seen) if routes else None
    newest = sorted(node.routes, reverse=True)
    for number in newest:
        if method in node.routes[number]:
            return Found(node.routes[number], seen)
    return Found(node.routes[newest[0]], seen) if newest else None
