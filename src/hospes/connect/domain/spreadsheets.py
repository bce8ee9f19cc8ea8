"""Lines for spreadsheets: what a stranger sent must not become a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Where the decimal sign is a comma, spreadsheets part cells at semicolons, whatever the file says.
_LATER_FORMULA = re.compile(r"([;\t\r\n][\s\"']*)([=+\-@])")


def cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet evaluates."""
    text = _LATER_FORMULA.sub(r"\1'\2", str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def line(cells: Iterable[object]) -> str:
    """Return one CSV line (RFC 4180, CRLF)."""
    out = io.StringIO()
    csv.writer(out).writerow([cell(each) for each in cells])
    return out.getvalue()
