"""Request parameters, read strictly from urlencoded text and multipart bodies.

RFC 6749 §3.1 and §3.2: a parameter without a value counts as omitted, an unknown one is
ignored, and none may come twice but those of ``LISTS``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAXIMUM_PAIRS = 200
# May come several times, unlike all others (RFC 8707 §2, RFC 8693 §2.1).
LISTS = frozenset({"audience", "resource"})
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_ATTRIBUTE = re.compile(r';\s*([A-Za-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))')


class UnreadableError(ValueError):
    """The text is no list of parameters; the message says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters with a value, and the names that came more than once."""

    values: dict[str, str]
    repeated: frozenset[str] = frozenset()
    # The further values of those that may come several times.
    further: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        # Codes, verifiers and secrets pass through here; a traceback must not show them.
        return f"Parameters({sorted(self.values)}, repeated={sorted(self.repeated)})"

    def get(self, name: str) -> str:
        """Return the value of ``name``, ``""`` where it is absent."""
        return self.values.get(name, "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a name in ``LISTS``, in the order they came."""
        if name not in self.values:
            return ()
        return (self.values[name], *(value for each, value in self.further if each == name))

    def repeated_among(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of ``names`` that came more than once, sorted."""
        return tuple(sorted(self.repeated.intersection(names)))


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Collect name-value pairs, such as Django's ``QueryDict.lists`` flattened."""
    values: dict[str, str] = {}
    seen: set[str] = set()
    repeated: set[str] = set()
    further: list[tuple[str, str]] = []
    for name, value in pairs:
        if name in seen:
            if name in LISTS:
                if value and name in values:
                    further.append((name, value))
            else:
                repeated.add(name)
        seen.add(name)
        if value and name not in values:
            values[name] = value
    return Parameters(values, frozenset(repeated), tuple(further))


def from_urlencoded(text: str) -> Parameters:
    """Parse a query string or an urlencoded body.

    Raises:
        UnreadableError: on a broken percent sequence, text that is not UTF-8, a NUL, or more than
            200 pairs.

    """
    return from_pairs(_urlencoded_pairs(text))


def decode(text: str) -> str:
    """Undo form encoding of one name or value, strictly.

    Raises:
        UnreadableError: on a broken percent sequence, text that is not UTF-8, or a NUL.

    """
    if "%" not in text and text.isascii():
        # Nothing to undo but the blanks.
        if "\0" in text:
            raise UnreadableError("the text holds a NUL")
        return text.replace("+", " ")
    if _BAD_PERCENT.search(text):
        raise UnreadableError("a percent sign is not followed by two hexadecimal digits")
    try:
        value = unquote_to_bytes(text.replace("+", " ").encode("utf-8")).decode("utf-8")
    except UnicodeError as error:
        raise UnreadableError("the text is not UTF-8") from error
    if "\0" in value:
        raise UnreadableError("the text holds a NUL")
    return value


def _urlencoded_pairs(text: str) -> Iterator[tuple[str, str]]:
    pieces = [piece for piece in text.split("&") if piece]
    if len(pieces) > MAXIMUM_PAIRS:
        raise UnreadableError("there are too many parameters")
    for piece in pieces:
        name, _, value = piece.partition("=")
        yield decode(name), decode(value)


def from_body(content_type: str, body: bytes) -> Parameters:
    """Parse a request body: urlencoded, or multipart as some mobile clients send it.

    Raises:
        UnreadableError: on another content type or a body that does not keep its form.

    """
    media_type, _, rest = content_type.partition(";")
    kind = media_type.strip().lower()
    if kind == FORM:
        try:
            return from_urlencoded(body.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise UnreadableError("the text is not UTF-8") from error
    if kind == MULTIPART:
        return from_pairs(_multipart_pairs(f";{rest}", body))
    raise UnreadableError(f"the body must be {FORM} or {MULTIPART}")


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        quoted, plain = match[2], match[3]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
        found.setdefault(match[1].lower(), value)
    return found


def _multipart_pairs(attributes: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields of a multipart body (RFC 7578, RFC 2046 §5.1.1)."""
    boundary = _attributes(attributes).get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise UnreadableError("the multipart boundary is missing or malformed")
    delimiter = b"\r\n--" + boundary.encode("ascii")
    # The first delimiter may open the body, without the line break before it.
    _preamble, *parts = (b"\r\n" + body).split(delimiter)
    if not parts or not parts[-1].startswith(b"--"):
        raise UnreadableError("the multipart body has no end")
    if len(parts) > MAXIMUM_PAIRS:
        raise UnreadableError("there are too many parameters")
    for part in parts[:-1]:
        yield _field(part)


def _field(part: bytes) -> tuple[str, str]:
    line_end, _, rest = part.partition(b"\r\n")
    if line_end.strip(b" \t"):
        raise UnreadableError("a multipart boundary is malformed")
    head, separator, content = rest.partition(b"\r\n\r\n")
    if not separator:
        raise UnreadableError("a multipart field has no content")
    try:
        headers = dict(_header_lines(head.decode("utf-8")))
        value = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError("the text is not UTF-8") from error
    disposition = headers.get("content-disposition", "")
    attributes = _attributes(disposition)
    name = attributes.get("name", "")
    if not disposition.lower().startswith("form-data") or not name:
        raise UnreadableError("a multipart field has no name")
    if "filename" in attributes or "filename*" in attributes:
        raise UnreadableError("a multipart field is a file")
    if headers.get("content-transfer-encoding", "8bit").lower() not in {"7bit", "8bit", "binary"}:
        raise UnreadableError("a multipart field is encoded a second time")
    if "\0" in name + value:
        raise UnreadableError("the text holds a NUL")
    return name, value


def _header_lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\r\n"):
        name, _, value = line.partition(":")
        yield name.strip().lower(), value.strip()
