"""What must be so before the first page: tables up to date, static files in place.

Nothing here loads Django unless there is something to do: a warm start costs milliseconds.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from hospes.config import databases
from hospes.config.cli import framework

if TYPE_CHECKING:
    from hospes.config.environment import Environment

PACKAGE_DIR = Path(__file__).resolve().parent.parent.parent
OLDEST_POSTGRESQL = 150000
APPLIED = "SELECT app, name FROM django_migrations"


def _on_disk() -> set[tuple[str, str]]:
    return {
        (file.parent.parent.name, file.stem) for file in PACKAGE_DIR.glob("*/migrations/[0-9]*.py")
    }


def _applied_sqlite(path: Path) -> set[tuple[str, str]]:
    if not path.is_file():
        return set()
    connection = sqlite3.connect(path, timeout=10)
    try:
        return {(str(app), str(name)) for app, name in connection.execute(APPLIED)}
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return set()
        raise
    finally:
        connection.close()


def _applied_postgresql(url: str) -> set[tuple[str, str]]:
    import psycopg

    with psycopg.connect(url, connect_timeout=5) as connection:
        try:
            return {(str(app), str(name)) for app, name in connection.execute(APPLIED)}
        except psycopg.errors.UndefinedTable:
            return set()


def pending_migrations(environment: Environment) -> list[str]:
    """Return the names of migrations the database has not seen, oldest first within a room."""
    path = databases.sqlite_path(environment.database_url, environment.data_dir)
    applied = (
        _applied_postgresql(environment.database_url) if path is None else _applied_sqlite(path)
    )
    return [f"{app}.{name}" for app, name in sorted(_on_disk() - applied)]


def migrate() -> None:
    """Apply every pending migration, silently."""
    framework.load()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(PACKAGE_DIR.glob("*/static/**/*")):
        if file.is_file():
            facts = file.stat()
            name = file.relative_to(PACKAGE_DIR).as_posix()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(environment: Environment) -> bool:
    """Put the static files in place under hashed names; return whether that was needed."""
    stamp = environment.data_dir / "static.stamp"
    fingerprint = _static_fingerprint()
    manifest = environment.data_dir / "static" / "staticfiles.json"
    if manifest.is_file() and stamp.is_file() and stamp.read_text("ascii") == fingerprint:
        return False
    framework.load()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint, "ascii")
    return True


def describe_database(environment: Environment) -> list[tuple[str, str, str]]:
    """Return (state, text, advice) of what `hospes doctor` says about a database that answers."""
    path = databases.sqlite_path(environment.database_url, environment.data_dir)
    if path is None:
        return _describe_postgresql(environment.database_url)
    connection = sqlite3.connect(path, timeout=10)
    try:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        intact = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        connection.close()
    if intact != "ok":
        return [("mend", f"{path} is damaged: {intact}", "Restore it from a backup.")]
    if mode != "wal":
        advice = "Any Hospes command sets it to wal; a network file system does not allow that."
        return [("mend", f"SQLite, journal mode {mode}: readers wait for writers", advice)]
    return [("ok", f"SQLite {sqlite3.sqlite_version}, {path}, journal mode wal", "")]


def _describe_postgresql(url: str) -> list[tuple[str, str, str]]:
    import psycopg

    with psycopg.connect(url, connect_timeout=5) as connection:
        version = connection.info.server_version
    text = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST_POSTGRESQL:
        return [("mend", text, "Version 15 or newer is needed.")]
    return [("ok", text, "")]
