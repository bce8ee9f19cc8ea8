"""Addresses that forms are sent to."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_plain_https(uri: str) -> bool:
    """Return whether a well-formed address is one of https at its usual port."""
    parts = urlsplit(uri)
    return parts.scheme == "https" and parts.port in {None, 443}


def source_of(uri: str) -> str:
    """Return what a Content-Security-Policy names ``uri`` by: its origin, or ``scheme:``."""
    parts = urlsplit(uri)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"
