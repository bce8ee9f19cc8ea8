"""Filling settings in: no value ends the line, the quotation or the comment it stands in."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECRET: Final = "YOUR_CLIENT_SECRET"  # noqa: S105 - where the reader puts it
_PLACE: Final = re.compile(r"<<([a-z_]+)>>")
# What begins nothing in the formats that cannot quote, or whose quoting has exceptions: no
# comment (# ;), no variable ($ %( ${), no end of a string, no escape.
_SAFE: Final = frozenset(" -_.:/?=&~+@,%")


@dataclass(frozen=True, slots=True)
class Block:
    """One text to copy. ``key`` names its sentence; ``place`` is the file it belongs in."""

    key: str
    syntax: str
    text: str
    place: str = ""


def _one_line(value: str) -> str:
    """Return ``value`` with a space for every character that ends a line or is not seen."""
    return "".join(
        " " if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else sign
        for sign in value
    )


def _single_quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _double_quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _bare(value: str) -> str | None:
    """Return ``value`` if it means itself without quotation marks, else None."""
    clear = value == value.strip() and all(sign.isalnum() or sign in _SAFE for sign in value)
    return value if clear and value else None


def _apache(value: str) -> str | None:
    # Quoted, but variables and backslashes are read inside the quotation marks, too.
    bare = _bare(value)
    return None if bare is None else f'"{bare}"'


SYNTAXES: Final[dict[str, Callable[[str], str | None]]] = {
    "plain": lambda value: value,
    "php": _single_quoted,
    "ruby": _single_quoted,
    "json": _double_quoted,
    "yaml": _double_quoted,
    "toml": _double_quoted,
    "shell": shlex.quote,
    "ini": _bare,
    "dovecot": _bare,
    "nginx": _bare,
    "apache": _apache,
}


def rendered(block: Block, values: Mapping[str, str]) -> str:
    """Return the text of ``block`` with ``values`` in their places.

    A value that its format cannot hold leaves a place to fill in by hand.
    """
    write = SYNTAXES[block.syntax]

    def fill(place: re.Match[str]) -> str:
        name = place[1]
        written = write(_one_line(values[name]))
        return f"YOUR_{name.upper()}" if written is None else written

    return _PLACE.sub(fill, block.text)
