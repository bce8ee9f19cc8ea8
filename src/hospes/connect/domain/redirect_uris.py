"""Which addresses an application may register to be answered at.

Matching at sign-in is exact (RFC 9700 §2.1); this module keeps out, at registration, every
address whose reading differs between parsers: two authorities in one address, dots that climb,
backslashes, control characters, anything that is not plain ASCII.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

LONGEST: Final = 2000
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# RFC 3986 characters, with percent signs only before two hexadecimal digits.
_ALLOWED = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+\-]*(?:\.[a-z0-9+\-]+)+")
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE,
)


def fault_of(uri: str, *, mobile: bool) -> str | None:
    """Return why ``uri`` cannot be registered, as a fault code, or None where it can.

    Args:
        uri: the address as typed, already stripped of blanks around it.
        mobile: whether the application runs on a device: private-use schemes (RFC 8252 §7.1)
            are for those alone.

    """
    if len(uri) > LONGEST:
        return "too_long"
    if "*" in uri:
        return "wildcard"
    if not _ALLOWED.fullmatch(uri):
        return "characters"
    if "#" in uri:
        return "fragment"
    scheme, separator, _ = uri.partition(":")
    if not separator:
        return "not_absolute"
    if scheme not in {"https", "http"}:
        return _private_fault(uri, scheme, mobile=mobile)
    return _web_fault(uri)


def _private_fault(uri: str, scheme: str, *, mobile: bool) -> str | None:
    if scheme.lower() in {"https", "http"}:
        return "scheme_case"
    if not mobile:
        return "scheme"
    # The reverse domain name keeps two apps, and javascript: or data:, from meeting.
    if not _PRIVATE_SCHEME.fullmatch(scheme):
        return "private_scheme"
    rest = uri[len(scheme) + 1 :]
    if "@" in rest:
        return "user_info"
    return "dots" if _climbs(rest) else None


def _web_fault(uri: str) -> str | None:
    if not re.match(r"https?://[^/?]", uri):
        return "not_absolute"
    authority = re.split(r"[/?]", uri.split("://", 1)[1], maxsplit=1)[0]
    if "@" in authority:
        return "user_info"
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return "host"
    if not port_is_sound or authority.endswith(":"):
        return "host"
    if not _host_is_sound(host):
        return "host"
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        return "http"
    return "dots" if _climbs(parts.path) else None


def _host_is_sound(host: str) -> bool:
    return host == "::1" or (_HOST.fullmatch(host) is not None)


def _climbs(path: str) -> bool:
    # ";" too: some servers cut a segment there and see ".." in "..;" (path parameters).
    segments = re.split(r"[/\\]", unquote(path))
    return any(segment.split(";", 1)[0] in {".", ".."} for segment in segments)


def link_fault_of(url: str) -> str | None:
    """Return why ``url`` cannot be shown as a link to a website, or None where it can."""
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
        return "host"
    if "@" in parts.netloc:
        return "user_info"
    return None if _host_is_sound(host) and port != 0 else "host"


def origin_of(uri: str) -> str:
    """Return what a Content-Security-Policy names ``uri`` by: its origin, or ``scheme:``."""
    parts = urlsplit(uri)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"
