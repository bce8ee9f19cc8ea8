"""Which words the query of an endpoint may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kind = Literal["text", "integer", "boolean", "instant"]
LONGEST_TEXT = 255
LARGEST = 2**63 - 1
# The end of the year 9999: no date is later.
LAST_INSTANT = 253_402_300_799
# Words of the frame itself: no endpoint may give them another meaning.
FRAME_WORDS = frozenset([
    "with", "page", "per_page", "items_per_page", "items", "limit", "skip", "cursor", "return",
    "order_by", "order", "order_for", "search", "filter", "dry_run", "_method",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query, or a filter.

    Where ``field`` is set (a path as ``QuerySet.filter`` takes it), the frame narrows the rows
    to those whose field is the value, or one of the values where ``many``. ``apply`` narrows
    them by other means: it takes the rows and the value and returns rows. With neither, the
    endpoint reads the value itself.
    """

    description: str
    kind: Kind = "text"
    values: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    minimum: int = 0
    maximum: int = LARGEST
    longest: int = LONGEST_TEXT
    field: str = ""
    apply: Callable[[Any, Any], Any] | None = None
    example: Any = None

    @property
    def largest(self) -> int:
        """Return the largest number that it may be."""
        return min(self.maximum, LAST_INSTANT) if self.kind == "instant" else self.maximum


@dataclass(frozen=True, slots=True)
class Query:
    """The words of one endpoint.

    ``expand``: what ``with`` may name, with what it brings. ``paged``: whether it answers a list
    that takes ``page``, ``per_page``, ``limit``, ``skip``, ``cursor`` and ``return=total``.
    ``order``: the fields a list may be ordered by, each with the path of the rows' own field (or
    an expression, or for a list in memory an attribute's name); ``by_default`` names some of
    them, with ``-`` in front for the other direction. ``search``: paths to search in.
    """

    expand: Mapping[str, str] = field(default_factory=dict)
    paged: bool = False
    order: Mapping[str, Any] = field(default_factory=dict)
    by_default: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    filters: Mapping[str, Word] = field(default_factory=dict)
    words: Mapping[str, Word] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken = FRAME_WORDS & self.words.keys()
        if taken:
            raise ValueError(f"the frame itself gives a meaning to {', '.join(sorted(taken))}")
        unknown = {name.removeprefix("-") for name in self.by_default} - self.order.keys()
        if unknown:
            raise ValueError(f"not among the fields to order by: {', '.join(sorted(unknown))}")
        if self.order and not self.by_default:
            raise ValueError("a list that can be ordered says how it is by itself")

    def accepted(self, *, dry_run: bool = False) -> tuple[str, ...]:
        """Return every word that may be sent, in the order they are documented."""
        words: list[str] = []
        if self.expand:
            words.append("with")
        if self.paged:
            words += ["page", "per_page", "limit", "skip", "cursor", "return"]
        if self.order:
            words += ["order_by", "order", "order_for"]
        if self.search:
            words.append("search")
        if self.filters:
            words.append("filter")
        words += self.words
        if dry_run:
            words.append("dry_run")
        return tuple(words)


NONE = Query()


@dataclass(frozen=True, slots=True)
class Asked:
    """The words a request held, read and checked. ``None``: the word was not sent."""

    expand: frozenset[str] = frozenset()
    page: int | None = None
    per_page: int | None = None
    limit: int | None = None
    skip: int | None = None
    cursor: str | None = None
    total_only: bool = False
    # Fields with whether each is descending.
    order: tuple[tuple[str, bool], ...] = ()
    search: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False

    def wants(self, name: str) -> bool:
        """Return whether ``with`` named ``name``."""
        return name in self.expand
