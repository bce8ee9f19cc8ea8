"""Redirect URIs: what may be registered, and what matches (RFC 9700 §2.1, RFC 8252 §7, §8).

Matching is comparison of strings. Nothing is decoded, resolved or normalized: every way of
being clever here has been somebody's advisory.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ApplicationType

MAXIMUM_LENGTH = 2000

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_LOOPBACK = re.compile(
    r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/.*)?", re.DOTALL
)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A segment of dots, plain or encoded, alone or before ";" (proxies and servers differ on it).
_DOT_SEGMENT = re.compile(r"(?:\.|%2e){1,2}(?:;.*)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[/\\]|%2f|%5c", re.IGNORECASE)
_HIDDEN = re.compile(r"%(?:0[0-9a-f]|1[0-9a-f]|7f|5c)", re.IGNORECASE)
_HIGHEST_PORT = 65535

# Schemes that run, read or open something instead of going back to an application.
DANGEROUS_SCHEMES = frozenset(
    {
        "about", "blob", "chrome", "content", "data", "file", "filesystem", "ftp", "intent",
        "jar", "javascript", "mailto", "res", "sms", "tel", "vbscript", "view-source", "ws", "wss",
    }
)  # fmt: skip
# What we put into the answer must not stand there already.
RESERVED = frozenset({"code", "state", "iss", "error", "error_description", "error_uri"})


def _loopback(uri: str) -> tuple[str, str] | None:
    """Return host and the part after the port if ``uri`` is a loopback address, else None."""
    match = _LOOPBACK.fullmatch(uri)
    if match is None or (match[2] is not None and not _port_is_valid(match[2])):
        return None
    return match[1], match[3] or ""


def _port_is_valid(port: str) -> bool:
    return port.isascii() and port.isdigit() and 0 < int(port) <= _HIGHEST_PORT


def same(registered: str, received: str) -> bool:
    """Return whether ``received`` is ``registered``, whatever the port of a loopback address.

    A native application cannot know beforehand which port it will get (RFC 8252 §7.3).
    """
    if registered == received:
        return True
    mine = _loopback(registered)
    return mine is not None and mine == _loopback(received)


def matches(registered: tuple[str, ...], received: str) -> bool:
    """Return whether ``received`` is one of the registered addresses."""
    return any(same(each, received) for each in registered)


def faults(uri: str, application_type: ApplicationType) -> tuple[str, ...]:
    """Return every fault that keeps ``uri`` from being registered, as stable codes.

    The codes are the keys of ``FAULTS``.
    """
    found = _text_faults(uri)
    match = _SCHEME.fullmatch(uri)
    if match is None:
        return (*found, "not_absolute")
    scheme, rest = match[1], match[2]
    lowered = scheme.lower()
    if scheme != lowered:
        found.append("scheme_not_lowercase")
    if lowered in {"http", "https"}:
        found += _web_faults(lowered, rest)
    else:
        found += _private_faults(lowered, rest, application_type)
    found += _path_faults(rest)
    return tuple(dict.fromkeys(found))


def _text_faults(uri: str) -> list[str]:
    checks = {
        "too_long": len(uri) > MAXIMUM_LENGTH,
        "not_ascii": not uri.isascii(),
        "white_space": any(char <= " " or char == "\x7f" for char in uri),
        "backslash": "\\" in uri or "%5c" in uri.lower(),
        "wildcard": "*" in uri,
        "fragment": "#" in uri,
        "several_at": uri.count("@") > 1,
        "unsafe_character": any(char in "<>\"'`{}|^" for char in uri),
        "percent_malformed": _BAD_PERCENT.search(uri) is not None,
        "hidden_character": _HIDDEN.search(uri) is not None,
    }
    return [code for code, wrong in checks.items() if wrong]


def _web_faults(scheme: str, rest: str) -> list[str]:
    if not rest.startswith("//"):
        return ["host_missing"]
    found: list[str] = []
    authority = re.split(r"[/?#\\]", rest[2:], maxsplit=1)[0]
    if "@" in authority:
        found.append("userinfo")
        authority = authority.rpartition("@")[2]
    host, port = _host_and_port(authority)
    if port is not None and not _port_is_valid(port):
        found.append("port_invalid")
    if not host:
        found.append("host_missing")
    elif not _host_is_valid(host):
        found.append("host_invalid")
    if scheme == "http" and host not in {"127.0.0.1", "[::1]", "localhost"}:
        found.append("https_required")
    return found


def _host_and_port(authority: str) -> tuple[str, str | None]:
    if authority.startswith("["):
        host, bracket, tail = authority.partition("]")
        return host + bracket, tail.removeprefix(":") if tail else None
    host, colon, port = authority.partition(":")
    return host, port if colon else None


def _host_is_valid(host: str) -> bool:
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            return False
        return host.endswith("]") and "%" not in host
    labels = host.split(".")
    if labels[-1].isdigit():
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            return False
    return all(_LABEL.fullmatch(label) for label in labels)


def _private_faults(scheme: str, rest: str, application_type: ApplicationType) -> list[str]:
    """Judge a private-use scheme: reverse domain name, mobile applications only (RFC 8252)."""
    if scheme in DANGEROUS_SCHEMES:
        return ["scheme_not_allowed"]
    found: list[str] = []
    if application_type != "mobile":
        found.append("scheme_for_mobile_only")
    if "." not in scheme.strip("."):
        found.append("scheme_without_dot")
    if "@" in re.split(r"[?#]", rest, maxsplit=1)[0]:
        found.append("userinfo")
    # Brackets hold an IPv6 address; readers of URLs stumble over any other use in a host.
    if rest.startswith("//") and set("[]") & set(re.split(r"[/?#]", rest[2:], maxsplit=1)[0]):
        found.append("host_invalid")
    return found


def _path_faults(rest: str) -> list[str]:
    found: list[str] = []
    before_fragment = rest.partition("#")[0]
    location, _, query = before_fragment.partition("?")
    path = location[2:].partition("/")[2] if location.startswith("//") else location
    if any(_DOT_SEGMENT.fullmatch(part) for part in _SEPARATOR.split(path)):
        found.append("dot_segment")
    if RESERVED.intersection(name for name, _ in parse_qsl(query, keep_blank_values=True)):
        found.append("reserved_parameter")
    return found


# Each code in a developer's English; the pages say it in the reader's language.
FAULTS: dict[str, str] = {
    "too_long": f"It is longer than {MAXIMUM_LENGTH} characters.",
    "not_ascii": "It holds characters beyond ASCII; write the host as punycode.",
    "white_space": "It holds white space or control characters.",
    "backslash": "It holds a backslash.",
    "wildcard": "It holds a wildcard; register each address in full.",
    "fragment": "It holds a fragment (#).",
    "several_at": "It holds more than one @.",
    "unsafe_character": "It holds a quotation mark, bracket or similar character.",
    "percent_malformed": "A percent sign is not followed by two hexadecimal digits.",
    "hidden_character": "It holds an encoded control character or backslash.",
    "not_absolute": "It does not begin with a scheme such as https:.",
    "scheme_not_lowercase": "Its scheme is not in lower case.",
    "scheme_not_allowed": "Its scheme does not lead back to an application.",
    "scheme_for_mobile_only": "A scheme of one's own is for mobile applications.",
    "scheme_without_dot": "A scheme of one's own must be a reverse domain name, with a dot.",
    "https_required": "It must use https; http is accepted for this machine's own address only.",
    "host_missing": "It names no host.",
    "host_invalid": "Its host is not valid.",
    "port_invalid": "Its port is not a number from 1 to 65535.",
    "userinfo": "It holds a user name (@).",
    "dot_segment": "Its path holds a segment of dots.",
    "reserved_parameter": "Its query holds a parameter that the answer itself uses.",
}
