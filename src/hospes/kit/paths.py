"""Where to go on after a form: only to a page of this very site."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 8000
_DELETE = 0x7F


def safe_next(value: str | None, default: str = "/") -> str:
    r"""Return ``value`` if it is a local absolute path, else ``default``.

    Refused: other sites (``https://…``, ``//…``, and ``/\…``, which browsers read as ``//…``),
    relative paths, control characters and blanks (browsers drop some of them before parsing),
    and anything longer than 8000 characters.
    """
    if not value or len(value) > LONGEST or not value.startswith("/"):
        return default
    if value.startswith("//") or "\\" in value:
        return default
    if any(ord(character) <= ord(" ") or ord(character) == _DELETE for character in value):
        return default
    try:
        parts = urlsplit(value)
    except ValueError:
        return default
    if parts.scheme or parts.netloc:
        return default
    return value
