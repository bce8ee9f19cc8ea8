"""Addresses of websites that pages link to."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 2000
# RFC 3986 characters, with percent signs only before two hexadecimal digits.
_ALLOWED = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE,
)


def fault_of(url: str) -> str | None:
    """Return why ``url`` cannot be shown as a link to a website, or None where it can.

    One of ``too_long``, ``characters``, ``link``, ``userinfo``, ``host_invalid``.
    """
    if len(url) > LONGEST:
        return "too_long"
    if not _ALLOWED.fullmatch(url):
        return "characters"
    if not re.match(r"https?://[^/?#]", url):
        return "link"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "host_invalid"
    if "@" in parts.netloc:
        return "userinfo"
    return None if port != 0 and (host == "::1" or _HOST.fullmatch(host)) else "host_invalid"
