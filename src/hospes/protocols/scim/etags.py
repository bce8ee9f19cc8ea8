"""Versions of resources, and requests that depend on them (RFC 7644 §3.14, RFC 9110 §13)."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r'\s*(?:W/)?"([^"]{0,200})"\s*')
_DIGITS = 24


def version_of(resource: Mapping[str, Any]) -> str:
    """Return the weak ETag of a resource: of what it says, whoever changed it and wherever.

    ``meta.version`` and ``meta.lastModified`` are not part of it.
    """
    meta = {
        name: value
        for name, value in resource.get("meta", {}).items()
        if name not in {"version", "lastModified"}
    }
    text = json.dumps({**resource, "meta": meta}, sort_keys=True, separators=(",", ":"))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"'


def named(header: str, version: str) -> bool:
    """Return whether ``If-Match`` or ``If-None-Match`` names this version, or any (``*``).

    Compared weakly, as RFC 7644 §3.14 uses weak ones with If-Match.
    """
    if header.strip() == "*":
        return True
    wanted = _TAG.fullmatch(version)
    tags = [found[1] for each in header.split(",") if (found := _TAG.fullmatch(each)) is not None]
    return wanted is not None and wanted[1] in tags
