"""Cells for spreadsheets: a value a stranger chose must not become a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")  # noqa: RUF001 - full width
# Where the decimal sign is a comma, spreadsheets part cells at semicolons, whatever the file says.
_LATER_FORMULA = re.compile(r"([;\t\r\n][\s\"']*)([=+\-@＝＋－＠])")  # noqa: RUF001 - full width


def cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet evaluates."""
    text = _LATER_FORMULA.sub(r"\1'\2", "" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def line(cells: Iterable[object]) -> str:
    """Return one CSV line (RFC 4180, CRLF)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell(value) for value in cells])
    return buffer.getvalue()


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield one line per row, without holding all of them."""
    return (line(row) for row in rows)
