"""DATABASE_URL to Django's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

# Writers queue at BEGIN instead of failing at COMMIT; readers never wait (WAL).
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    "PRAGMA busy_timeout=10000;"
)


def settings_for(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry for ``url``; an empty one means SQLite in ``data_dir``."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        name = unquote(parts.path[1:]) if parts.scheme else str(data_dir / "hospes.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
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
