"""Tables that only grow: triggers of the database itself refuse changes and deletions."""

from __future__ import annotations

from hospes.foundation.vendor_sql import VendorSql


def guard_statements(vendor: str, table: str) -> tuple[str, ...]:
    """Return what makes ``table`` append-only on ``sqlite`` or ``postgresql``.

    The table's key is ``id``. PostgreSQL's TRUNCATE is refused too; dropping the table is not.
    """
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 - the table's name is a migration's
        return (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            # INSERT OR REPLACE deletes without asking the trigger above.
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}",
        )
    function = (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
    return (function, trigger)


def release_statements(vendor: str, table: str) -> tuple[str, ...]:
    """Return what takes the guard off again (undoing the migration; emptying test databases)."""
    if vendor == "sqlite":
        return tuple(f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete", "replace"))
    return (
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"DROP FUNCTION {table}_refuse()",
    )


class AppendOnly(VendorSql):
    """Migration step that guards ``table``."""

    def __init__(self, table: str) -> None:
        self.table = table

    def making(self, vendor: str) -> tuple[str, ...]:
        """Put the guard on."""
        return guard_statements(vendor, self.table)

    def undoing(self, vendor: str) -> tuple[str, ...]:
        """Take it off."""
        return release_statements(vendor, self.table)

    def describe(self) -> str:
        """Return what this step does, for ``hospes migrate``."""
        return f"Make {self.table} append-only"
