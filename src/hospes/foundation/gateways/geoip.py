"""The place of an address, out of a database file that the provider brings (MaxMind DB format).

No request leaves the house. Without a file, or for an address it does not know, the place is "".
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

    from maxminddb import Reader

_lock = threading.Lock()
_open: dict[str, tuple[tuple[int, int], Reader]] = {}


def _record(path: Path, ip: str) -> Any:
    """Return what the file says of an address; a file that was replaced is opened anew."""
    # Only where a file is configured.
    import maxminddb  # noqa: PLC0415 - as said

    facts = path.stat()
    version = (facts.st_ino, facts.st_mtime_ns)
    with _lock:
        known = _open.get(str(path))
        if known is None or known[0] != version:
            if known is not None:
                del _open[str(path)]
                known[1].close()
            # Read, not mapped: a file that is written over in place must not end the process.
            known = (version, maxminddb.open_database(path, maxminddb.MODE_FILE))
            _open[str(path)] = known
        return known[1].get(ip)


def close() -> None:
    """Close every file; the next question opens it again."""
    with _lock:
        while _open:
            _version, reader = _open.popitem()[1]
            reader.close()


def place(ip: str, locale: str) -> str:
    """Return such as ``Lausanne, Switzerland`` in the language, ``""`` where it is not known."""
    path: Path | None = settings.HOSPES.geoip_file
    if path is None or not ip:
        return ""
    try:
        found: Any = _record(path, ip)
    except (OSError, ValueError, RuntimeError):
        # A damaged or missing file must not keep anybody from signing in; the doctor tells of it.
        return ""
    if not isinstance(found, dict):
        return ""
    names = (_name(found.get(kind), locale) for kind in ("city", "country"))
    return ", ".join(name for name in names if name)


def _name(entry: Any, locale: str) -> str:
    names = entry.get("names") if isinstance(entry, dict) else None
    if not isinstance(names, dict):
        return ""
    return str(names.get(locale) or names.get("en") or "")
