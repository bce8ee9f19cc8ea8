"""Which database the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.edge.postgres import PostgresDatabase
from hospes.edge.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hospes.edge.connections import Database


def from_settings(settings: Callable[[], Mapping[str, Any]]) -> Database:
    """Return the database that an entry in the form of ``DATABASES`` describes.

    The entry is asked for again at every use: tests point it at another database.
    """
    if str(settings()["ENGINE"]).endswith("sqlite3"):
        return SqliteDatabase(lambda: str(settings()["NAME"]))
    return PostgresDatabase(lambda: _parameters(settings()))


def _parameters(entry: Mapping[str, Any]) -> dict[str, Any]:
    named = {
        "dbname": entry["NAME"],
        "user": entry.get("USER"),
        "password": entry.get("PASSWORD"),
        "host": entry.get("HOST"),
        "port": entry.get("PORT"),
    }
    return {**entry.get("OPTIONS", {}), **{name: value for name, value in named.items() if value}}
