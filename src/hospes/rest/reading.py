"""Reads a query by the words that an endpoint takes; what it does not take is a fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from hospes.rest.faults import Wrong, wrong
from hospes.rest.words import LONGEST_TEXT, Asked, Query, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Sent = dict[str, list[str]]

_NAME = re.compile(r"(?P<name>[^\[\]]*)(?P<keys>(?:\[[^\[\]]*\])*)")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_TRUE = frozenset({"1", "true"})
_FALSE = frozenset({"0", "false"})
_BOOLEANS = ("true", "false", "1", "0")
DIRECTIONS = ("asc", "desc")
MOST_PAIRS = 500
LARGEST_PAGE = 2**31 - 1
LONGEST_CURSOR = 2000
# What answers call the size of a page, and what programs made of that: it is ``per_page``.
PAGE_SIZES = ("items_per_page", "items")


class _Reader:
    def __init__(self, query: Query, sent: Sent, most: int, *, dry_run: bool) -> None:
        self.query = query
        self.sent = sent
        for word in PAGE_SIZES if query.paged else ():
            if word in sent:
                sent["per_page"] = [*sent.get("per_page", ()), *sent.pop(word)]
        self.most = most
        self.dry_run = dry_run
        self.wrongs: list[Wrong] = []

    def fault(self, attribute: str, rule: str, values: Iterable[Any] = (), **context: Any) -> None:
        self.wrongs.append(wrong(attribute, rule, values, **context))

    # ---- single values -----------------------------------------------------------------------

    def one(self, name: str) -> str | None:
        values = self.sent.get(name)
        if not values:
            return None
        if len(values) > 1:
            self.fault(name, "once")
            return None
        return values[0]

    def number(self, name: str, text: str | None, minimum: int, maximum: int) -> int | None:
        if text is None:
            return None
        if not _INTEGER.fullmatch(text):
            self.fault(name, "integer")
            return None
        value = int(text)
        if value < minimum:
            self.fault(name, "min", min=minimum)
        elif value > maximum:
            self.fault(name, "max", max=maximum)
        else:
            return value
        return None

    def switch(self, name: str, text: str | None) -> bool | None:
        if text is None:
            return None
        if text.lower() in _TRUE:
            return True
        if text.lower() in _FALSE:
            return False
        self.fault(name, "boolean", _BOOLEANS)
        return None

    def many(self, name: str) -> list[str]:
        """Return a list: ``a,b``, or the word repeated, with or without ``[]``."""
        pieces = [piece.strip() for text in self.sent.get(name, ()) for piece in text.split(",")]
        return [piece for piece in pieces if piece]

    # ---- the frame's words -------------------------------------------------------------------

    def expand(self) -> frozenset[str]:
        asked = self.many("with")
        if "*" in asked:
            asked = [*self.query.expand, *(name for name in asked if name != "*")]
        unknown = [name for name in asked if name not in self.query.expand]
        if unknown:
            self.fault("with", "in", (*self.query.expand, "*"), sent=", ".join(unknown)[:100])
        return frozenset(asked) - frozenset(unknown)

    def order(self) -> tuple[tuple[str, bool], ...]:
        known = self.query.order
        direction = self.one("order")
        if direction is not None and direction not in DIRECTIONS:
            self.fault("order", "in", DIRECTIONS)
        fields = self.many("order_by")
        single = {name[10:-1]: name for name in self.sent if name.startswith("order_for[")}
        fields += [name for name in single if name not in fields]
        for name in fields:
            if name not in known:
                what = f"order_for.{name}" if name in single else "order_by"
                self.fault(what[:100], "in", tuple(known))
        chosen = []
        for name in dict.fromkeys(fields):
            own = self.one(single[name]) if name in single else None
            if own is not None and own not in DIRECTIONS:
                self.fault(f"order_for.{name}"[:100], "in", DIRECTIONS)
            chosen.append((name, (own or direction) == "desc"))
        if chosen:
            return tuple(chosen)
        turned = direction == "desc"
        return tuple(
            (name.removeprefix("-"), name.startswith("-") != turned)
            for name in self.query.by_default
        )

    def filters(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "filter" in self.sent:
            self.fault("filter", "object", tuple(self.query.filters))
        for name in [name for name in self.sent if name.startswith("filter[")]:
            key = name[7:-1]
            if key not in self.query.filters:
                self.fault(f"filter.{key}"[:100], "in", tuple(self.query.filters))
                continue
            value = self.word(name, self.query.filters[key], f"filter.{key}")
            if value is not None:
                found[key] = value
        return found

    def word(self, name: str, word: Word, attribute: str) -> Any:
        """Return the value of an endpoint's own word or filter, None where it is not there."""
        if name not in self.sent:
            if word.required:
                self.fault(attribute, "required")
            return None
        if not word.many:
            return self.value(self.one(name), word, attribute)
        values = [self.value(text, word, attribute) for text in self.many(name)]
        return tuple(value for value in values if value is not None)

    def value(self, text: str | None, word: Word, attribute: str) -> Any:
        if word.values and text is not None and text not in word.values:
            self.fault(attribute, "in", word.values)
        elif word.kind in {"integer", "instant"}:
            return self.number(attribute, text, word.minimum, word.largest)
        elif word.kind == "boolean":
            return self.switch(attribute, text)
        elif text is not None and len(text) > word.longest:
            self.fault(attribute, "max", max=word.longest)
        else:
            return text
        return None

    # ---- all of them -------------------------------------------------------------------------

    def read(self) -> Asked:
        self.unknown()
        words = {
            name: value
            for name, word in self.query.words.items()
            if (value := self.word(name, word, name)) is not None
        }
        total = self.one("return") if self.query.paged else None
        if total is not None and total != "total":
            self.fault("return", "in", ("total",))
        search = self.one("search") if self.query.search else None
        if search is not None and len(search) > LONGEST_TEXT:
            self.fault("search", "max", max=LONGEST_TEXT)
        return Asked(
            expand=self.expand() if self.query.expand else frozenset(),
            total_only=total is not None,
            order=self.order() if self.query.order else (),
            search=(search or "").strip(),
            filters=self.filters() if self.query.filters else {},
            words=words,
            dry_run=bool(self.switch("dry_run", self.one("dry_run"))) if self.dry_run else False,
            **(self.paging() if self.query.paged else {}),
        )

    def paging(self) -> dict[str, Any]:
        cursor = self.one("cursor")
        if cursor is not None and len(cursor) > LONGEST_CURSOR:
            self.fault("cursor", "cursor")
        ways = [
            [name for name in names if name in self.sent]
            for names in (("page", "per_page"), ("skip",), ("cursor",))
        ]
        used = [names for names in ways if names]
        for names in used[1:]:
            for name in names:
                self.fault(name, "conflict", used[0])
        if ways[0] and "limit" in self.sent:
            self.fault("limit", "conflict", ways[0])
        return {
            "page": self.number("page", self.one("page"), 1, LARGEST_PAGE),
            "per_page": self.number("per_page", self.one("per_page"), 1, self.most),
            "limit": self.number("limit", self.one("limit"), 1, self.most),
            "skip": self.number("skip", self.one("skip"), 0, LARGEST_PAGE),
            "cursor": cursor,
        }

    def unknown(self) -> None:
        accepted = self.query.accepted(dry_run=self.dry_run)
        for name in self.sent:
            word = name.partition("[")[0]
            if word in accepted and (word == name or word in {"order_for", "filter"}):
                continue
            self.fault(name[:100], "unknown", accepted)


def pairs(text: str) -> Sent | None:
    """Return a query's words with what each was given; None where there are too many.

    ``with[]``, ``with[0]`` and ``with`` are one word; of ``filter[role][]`` the first key stays.
    """
    try:
        told = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PAIRS)
    except ValueError:
        return None
    sent: Sent = {}
    for name, value in told:
        sent.setdefault(normal(name), []).append(value)
    return sent


def normal(name: str) -> str:
    """Return a word's name without the brackets that only say that it is a list."""
    found = _NAME.fullmatch(name)
    if not found or not found["keys"]:
        return name
    keys = found["keys"][1:-1].split("][")
    while keys and (keys[-1] == "" or keys[-1].isdecimal()):
        keys.pop()
    return found["name"] + "".join(f"[{key}]" for key in keys)


def read(
    query: Query, sent: Mapping[str, list[str]], *, most: int, dry_run: bool = False
) -> tuple[Asked, list[Wrong]]:
    """Return what was asked for, and every fault. ``most`` rows fit on one page.

    What was faulty is as if it had not been sent.
    """
    reader = _Reader(query, dict(sent), most, dry_run=dry_run)
    return reader.read(), reader.wrongs
