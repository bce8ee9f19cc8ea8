from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from hospes.foundation.append_only import guard_statements, release_statements
from hospes.foundation.models import AuditEntry
from hospes.foundation.services import audit
from hospes.kit.origin import SYSTEM, Origin
from support.undoing import undone


def write(**changes):
    values = {"actor": 1, "origin": SYSTEM} | changes
    return audit.record("tests.done", **values)


def test_an_entry_says_who_did_what_on_what_from_where():
    entry = write(
        subject=2,
        organization=3,
        target="thing:4",
        origin=Origin(ip="2001:db8::1", user_agent="x" * 900, session_id=9),
        detail={"before": 1},
    )
    entry.refresh_from_db()
    assert entry.actor_account_id == 1
    assert entry.subject_account_id == 2
    assert entry.organization_id == 3
    assert entry.target == "thing:4"
    assert entry.ip == "2001:db8::1"
    assert len(entry.user_agent) == 400
    assert entry.detail == {"before": 1}


def test_an_entry_of_an_undone_transaction_is_undone():
    with pytest.raises(ZeroDivisionError):
        undone(write)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(action="tests.other"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda _: AuditEntry.objects.all().delete(),
        lambda entry: entry.delete(),
        lambda entry: entry.save(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["actor_account_id"]),
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(change):
    entry = write()
    entry.actor_account_id = 99
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(entry)
    row = AuditEntry.objects.get()
    assert (row.action, row.actor_account_id) == ("tests.done", 1)


def test_replacing_a_row_by_its_number_is_refused_too():
    entry = write()
    if connection.vendor == "sqlite":
        statement = (
            "INSERT OR REPLACE INTO foundation_audit_entry "
            "(id, at, action, target, ip, user_agent, detail) "
            "VALUES (%s, '2026-01-01', 'tests.other', '', '', '', '{}')"
        )
        parameters = [entry.pk]
    else:
        statement, parameters = "TRUNCATE foundation_audit_entry", []
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
    assert AuditEntry.objects.get().action == "tests.done"


def test_every_append_only_table_has_its_guard_after_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {row[0] for row in cursor.fetchall()}
    expected = {
        "sqlite": {
            "foundation_audit_entry_no_update",
            "foundation_audit_entry_no_delete",
            "foundation_audit_entry_no_replace",
        },
        "postgresql": {"foundation_audit_entry_append_only"},
    }[connection.vendor]
    assert expected <= found


def test_a_guard_can_be_taken_off_and_put_on_again():
    table = "tests_guarded"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (id integer PRIMARY KEY)")
        try:
            for _turn in range(2):
                for statement in guard_statements(connection.vendor, table):
                    cursor.execute(statement)
                for statement in release_statements(connection.vendor, table):
                    cursor.execute(statement)
            cursor.execute(f"INSERT INTO {table} VALUES (1)")
            cursor.execute(f"DELETE FROM {table}")
        finally:
            cursor.execute(f"DROP TABLE {table}")


def test_an_action_has_a_label_for_people():
    audit.register_action("tests.labelled", _("Save"))
    assert str(audit.describe("tests.labelled")) == "Save"
    assert audit.describe("tests.unlabelled") == "tests.unlabelled"
    assert "tests.labelled" in audit.actions()
    del audit._labels["tests.labelled"]


def test_every_action_of_the_foundation_has_a_label():
    for action in ("number_changed", "number_reset", "job_retried", "job_discarded"):
        assert str(audit.describe(f"foundation.{action}")) != f"foundation.{action}"
