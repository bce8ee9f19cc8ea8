"""Django for the tests of this process: its data folder, its database, its isolation."""

from __future__ import annotations

import contextlib
import operator
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from support import run

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a process remembers between requests, and the function that makes it forget.
FORGETTING: list[tuple[str, str]] = [
    ("hospes.foundation.numbers", "forget"),
    ("hospes.foundation.counters", "forget"),
    ("hospes.connect.services.signing_keys", "forget"),
    ("hospes.connect.services.client_keys", "forget"),
    ("hospes.status.queries.going_on", "forget"),
]

_state: dict[str, object] = {}


def on_postgres() -> bool:
    """Return whether this run's tests use PostgreSQL."""
    return os.environ.get("HOSPES_TEST_DATABASE", "sqlite") == "postgres"


def configure() -> None:
    """Set the environment that the settings read; the database comes when it is asked for."""
    data_dir = run.run_dir() / f"data-{run.worker_name()}"
    data_dir.mkdir(exist_ok=True, mode=0o700)
    for name in [name for name in os.environ if name.startswith("HOSPES_")]:
        if not name.startswith("HOSPES_TEST_"):
            del os.environ[name]
    os.environ.pop("REDIS_URL", None)
    os.environ["HOSPES_BASE_URL"] = run.BASE_URL
    os.environ["HOSPES_DATA_DIR"] = str(data_dir)
    os.environ["HOSPES_DEVELOPMENT"] = "1"
    os.environ["HOSPES_PROVIDER_NAME"] = "Alpenhost"
    os.environ["DJANGO_SETTINGS_MODULE"] = "hospes.config.settings"
    if on_postgres():
        os.environ["DATABASE_URL"] = run.postgres_database(f"hospes_{run.worker_name()}")
        run.static_files(data_dir, "postgres")
    else:
        os.environ["DATABASE_URL"] = ""
        run.sqlite_database(data_dir)
        run.static_files(data_dir, "sqlite")


def load() -> None:
    """Set Django up, once."""
    if "loaded" in _state:
        return
    _state["loaded"] = True
    configure()
    import django

    django.setup()


# ---- isolation -------------------------------------------------------------------------------


def _tables() -> list[str]:
    if "tables" not in _state:
        from django.db import connection

        found = connection.introspection.django_table_names(only_existing=True)
        _state["tables"] = sorted(name for name in found if name != "django_migrations")
    return _state["tables"]  # type: ignore[return-value]


def _filled(cursor: object) -> list[str]:
    tables = _tables()
    if not tables:
        return []
    columns = ", ".join(f'EXISTS(SELECT 1 FROM "{name}")' for name in tables)
    cursor.execute(f"SELECT {columns}")  # type: ignore[attr-defined]
    row = cursor.fetchone()  # type: ignore[attr-defined]
    return [name for name, filled in zip(tables, row, strict=True) if filled]


@contextlib.contextmanager
def _without_triggers(cursor: object, tables: list[str]) -> Iterator[None]:
    # The audit log refuses deletions by trigger; emptying it between tests is the one exception.
    marks = ", ".join("?" * len(tables)).replace("?", "%s")
    cursor.execute(  # type: ignore[attr-defined]
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})",
        tables,
    )
    triggers = cursor.fetchall()  # type: ignore[attr-defined]
    for name, _sql in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')  # type: ignore[attr-defined]
    yield
    for _name, sql in triggers:
        cursor.execute(sql)  # type: ignore[attr-defined]


def empty_database() -> None:
    """Remove every row that a test wrote."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        filled = _filled(cursor)
        if not filled:
            return
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
                for name in filled:
                    cursor.execute(f'DELETE FROM "{name}"')
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            with transaction.atomic(), _without_triggers(cursor, filled):
                for name in filled:
                    cursor.execute(f'DELETE FROM "{name}"')
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")


def reset() -> None:
    """Take back what a test did to the process and its database."""
    from django.utils import translation

    from hospes.foundation import clock

    clock.move_to_offset(timedelta(0))
    translation.deactivate_all()
    empty_database()
    for name, attribute in FORGETTING:
        module = sys.modules.get(name)
        if module is not None:
            operator.attrgetter(attribute)(module)()
