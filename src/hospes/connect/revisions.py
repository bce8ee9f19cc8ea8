"""Triggers of the database that count an application's changes, whoever makes them."""

from __future__ import annotations

from hospes.foundation.vendor_sql import VendorSql

TABLE = "connect_application"
PARTS = ("connect_client_secret", "connect_redirect_uri")


def _sqlite() -> list[str]:
    bump = f"UPDATE {TABLE} SET revision = revision + 1 WHERE id = {{row}}"  # noqa: S608 - constants
    found = [
        # The condition keeps the trigger from answering to itself.
        (
            f"CREATE TRIGGER {TABLE}_revision AFTER UPDATE ON {TABLE} "
            f"WHEN NEW.revision = OLD.revision BEGIN {bump.format(row='NEW.id')}; END"
        )
    ]
    for part in PARTS:
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            found.append(
                f"CREATE TRIGGER {part}_revision_{verb.lower()} AFTER {verb} ON {part} "
                f"BEGIN {bump.format(row=f'{row}.application_id')}; END"
            )
    return found


def _postgresql() -> list[str]:
    own = (
        f"CREATE FUNCTION {TABLE}_revise() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN NEW.revision := OLD.revision + 1; RETURN NEW; END $$"
    )
    count = f"UPDATE {TABLE} SET revision = revision + 1 WHERE id = owner"  # noqa: S608 - constants
    of_parts = (
        f"CREATE FUNCTION {TABLE}_revise_for_part() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE owner bigint; BEGIN "
        "IF TG_OP = 'DELETE' THEN owner := OLD.application_id; "
        "ELSE owner := NEW.application_id; END IF; "
        f"{count}; RETURN NULL; END $$"
    )
    return [
        own,
        of_parts,
        (
            f"CREATE TRIGGER {TABLE}_revision BEFORE UPDATE ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_revise()"
        ),
        *(
            f"CREATE TRIGGER {part}_revision AFTER INSERT OR UPDATE OR DELETE ON {part} "
            f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_revise_for_part()"
            for part in PARTS
        ),
    ]


def undoing(vendor: str) -> tuple[str, ...]:
    """Return what takes the triggers off again."""
    if vendor == "sqlite":
        verbs = ("insert", "update", "delete")
        return (
            f"DROP TRIGGER {TABLE}_revision",
            *(f"DROP TRIGGER {part}_revision_{verb}" for part in PARTS for verb in verbs),
        )
    return (
        f"DROP TRIGGER {TABLE}_revision ON {TABLE}",
        *(f"DROP TRIGGER {part}_revision ON {part}" for part in PARTS),
        f"DROP FUNCTION {TABLE}_revise()",
        f"DROP FUNCTION {TABLE}_revise_for_part()",
    )


class CountRevisions(VendorSql):
    """Migration step that makes the triggers."""

    def making(self, vendor: str) -> tuple[str, ...]:
        """Make them."""
        return tuple(_sqlite() if vendor == "sqlite" else _postgresql())

    def undoing(self, vendor: str) -> tuple[str, ...]:
        """Take them off."""
        return undoing(vendor)

    def describe(self) -> str:
        """Return what this step does, for ``hospes migrate``."""
        return "Count the changes of applications"
