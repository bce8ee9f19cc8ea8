"""DATABASE_URL to Django's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Writers queue at BEGIN instead of failing at COMMIT; readers never wait (WAL).
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    "PRAGMA busy_timeout=10000;"
)


def sqlite_path(url: str, data_dir: Path) -> Path | None:
    """Return the file of an SQLite database, ``None`` for a server's; empty means the default."""
    parts = urlsplit(url)
    if parts.scheme not in {"", "sqlite"}:
        return None
    return Path(unquote(parts.path[1:])) if parts.scheme else data_dir / "hospes.sqlite3"


def settings_for(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry for ``url``; an empty one means SQLite in ``data_dir``."""
    parts = urlsplit(url)
    path = sqlite_path(url, data_dir)
    if path is not None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            # Opening the file and closing it costs more than most pages do.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "init_command": SQLITE_PRAGMAS,
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
