"""Filters, read into a tree (RFC 7644 §3.4.2.2); their meaning is in ``matching``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from hospes.protocols.scim.errors import invalid_filter

LONGEST: Final = 4096
DEEPEST: Final = 20
MOST_TERMS: Final = 100
OPERATORS: Final = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})

Literal = str | int | float | bool | None

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<mark>[()\[\]])
    | (?P<string>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*")
    | (?P<number>-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?)(?![\w.$:-])
    | (?P<word>[A-Za-z$][\w$:.-]*)
    )""",
    re.VERBOSE | re.ASCII,
)
_PATH = re.compile(
    r"(?:(?P<uri>urn:[A-Za-z0-9:._-]{1,200}):)?"
    r"(?P<name>[A-Za-z$][\w$-]{0,99})(?:\.(?P<sub>[A-Za-z$][\w$-]{0,99}))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Path:
    """An attribute path: ``urn:…:User:name.familyName``. ``uri`` and ``sub`` may be empty."""

    uri: str
    name: str
    sub: str = ""

    def __str__(self) -> str:
        return (f"{self.uri}:" if self.uri else "") + self.name + (f".{self.sub}" * bool(self.sub))


@dataclass(frozen=True, slots=True)
class Compare:
    """``path operator value``; the operator is in lower case."""

    path: Path
    operator: str
    value: Literal


@dataclass(frozen=True, slots=True)
class Present:
    """``path pr``."""

    path: Path


@dataclass(frozen=True, slots=True)
class Within:
    """``path[inner]``: one value of the attribute fulfils all of ``inner``."""

    path: Path
    inner: Node


@dataclass(frozen=True, slots=True)
class Not:
    """``not (inner)``."""

    inner: Node


@dataclass(frozen=True, slots=True)
class And:
    """Every one of ``terms``."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of ``terms``."""

    terms: tuple[Node, ...]


Node = Compare | Present | Within | Not | And | Or


def read_path(text: str) -> Path | None:
    """Read an attribute path; None where it is none."""
    found = _PATH.fullmatch(text)
    return Path(found["uri"] or "", found["name"], found["sub"] or "") if found else None


def parse(text: str) -> Node:
    """Read a filter.

    Raises:
        ScimError: it is not one, or is longer, deeper or has more terms than is bearable
            (``invalidFilter``).

    """
    if len(text) > LONGEST:
        raise invalid_filter(f"A filter has at most {LONGEST} characters.")
    reader = _Reader(text)
    node = reader.either(0)
    if reader.peek():
        raise reader.fault("the end, and, or")
    return node


class _Reader:
    """Recursive descent: ``or`` binds weakest, then ``and``, then ``not`` (RFC 7644 table 4)."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._terms = 0

    def peek(self) -> str:
        """Return the token that comes, ``""`` at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def fault(self, wanted: str) -> Exception:
        """Return the refusal for what comes."""
        found = self.peek()
        what = f"“{found[:60]}”" if found else "the end"
        return invalid_filter(f"The filter has {what} where {wanted} was expected.")

    def _need(self, mark: str) -> None:
        if self.peek() != mark:
            raise self.fault(f"“{mark}”")
        self._at += 1

    def either(self, depth: int) -> Node:
        terms = [self._both(depth)]
        while self.peek().lower() == "or":
            self._at += 1
            terms.append(self._both(depth))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _both(self, depth: int) -> Node:
        terms = [self._term(depth)]
        while self.peek().lower() == "and":
            self._at += 1
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _term(self, depth: int) -> Node:
        self._terms += 1
        if self._terms > MOST_TERMS or depth > DEEPEST:
            raise invalid_filter(
                f"A filter has at most {MOST_TERMS} terms, {DEEPEST} within one another."
            )
        word = self.peek()
        following = self._tokens[self._at + 1 : self._at + 2]
        if word == "(":
            return self._grouped(depth)
        if word.lower() == "not" and following == ["("]:
            self._at += 1
            return Not(self._grouped(depth))
        path = read_path(word)
        if path is None or word.lower() in {"and", "or"}:
            raise self.fault("an attribute")
        self._at += 1
        if self.peek() == "[":
            return self._within(path, depth)
        return self._expression(path)

    def _grouped(self, depth: int) -> Node:
        self._need("(")
        inner = self.either(depth + 1)
        self._need(")")
        return inner

    def _within(self, path: Path, depth: int) -> Node:
        self._need("[")
        inner = self.either(depth + 1)
        self._need("]")
        if holds_within(inner):
            raise invalid_filter("Square brackets do not stand within square brackets.")
        return Within(path, inner)

    def _expression(self, path: Path) -> Node:
        operator = self.peek().lower()
        if operator == "pr":
            self._at += 1
            return Present(path)
        if operator not in OPERATORS:
            raise self.fault("an operator such as eq")
        self._at += 1
        return Compare(path, operator, self._literal())

    def _literal(self) -> Literal:
        token = self.peek()
        plain = {"true": True, "false": False, "null": None}
        if token.lower() in plain:
            self._at += 1
            return plain[token.lower()]
        if not token or token[0] not in '"-0123456789':
            raise self.fault("a value in double quotes, a number, true, false or null")
        self._at += 1
        found: Literal = json.loads(token)
        if isinstance(found, str) and not storable(found):
            raise invalid_filter("The filter compares with characters that no text has.")
        return found


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            raise invalid_filter(f"The filter cannot be read from character {at + 1} on.")
        found.append(token[0].strip())
        at = token.end()
    return found


def storable(text: str) -> bool:
    """Return whether a database takes the text: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def holds_within(node: Node) -> bool:
    """Return whether there are square brackets anywhere in ``node``."""
    match node:
        case Within():
            return True
        case Not(inner):
            return holds_within(inner)
        case And(terms) | Or(terms):
            return any(holds_within(each) for each in terms)
        case _:
            return False
