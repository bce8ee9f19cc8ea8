"""Statements written once are to the database what the ORM's are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from hospes.foundation import clock, statements
from hospes.foundation.models import AuditEntry, NumberSetting, OutboxEvent


def entry(**changes):
    values = {
        "at": datetime(2026, 3, 4, 5, 6, 7, 8009, tzinfo=timezone(timedelta(hours=5))),
        "action": "tests.done",
        "actor_account_id": 2**40,
        "subject_account_id": None,
        "organization_id": None,
        "target": "100 %s and 'é'",
        "ip": "2001:db8::1",
        "user_agent": "",
        "detail": {"ü": [1, None, True, "%"]},
    }
    return AuditEntry(**{**values, **changes})


AUDIT = AuditEntry._meta.db_table
EVENTS = OutboxEvent._meta.db_table
NUMBERS = NumberSetting._meta.db_table


def _twice(text, *values):
    statements.change(text, *values)
    statements.change(text, *values)


def columns_of(pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {AUDIT} WHERE id = %s", [pk])
        row = dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True))
    del row["id"]
    return row


@pytest.mark.parametrize("watched", [False, True])
def test_a_row_is_the_one_that_the_orm_makes(count_queries, watched):
    usual = entry()
    usual.save()
    if watched:
        with count_queries() as ran:
            quick = statements.insert(entry())
        assert len(ran) == 1
    else:
        quick = statements.insert(entry())
    assert quick.pk > usual.pk
    assert columns_of(quick.pk) == columns_of(usual.pk)
    assert not quick._state.adding
    text = f"SELECT {statements.columns(AuditEntry)} FROM {AUDIT} WHERE id = %s"
    ((read,),) = statements.read((AuditEntry,), text, quick.pk)
    again = AuditEntry.objects.get(pk=quick.pk)
    names = [field.attname for field in AuditEntry._meta.concrete_fields]
    assert [getattr(read, n) for n in names] == [getattr(again, n) for n in names]
    assert read.at == entry().at


def test_changes_are_counted_and_returned():
    now = clock.now()
    for _number in range(2):
        statements.insert(OutboxEvent(name="tests.a", payload={}, created_at=now))
    text = f"UPDATE {EVENTS} SET name = %s WHERE name = %s"
    assert statements.change(text, "tests.b", "tests.a") == 2
    assert statements.change(text, "tests.b", "tests.a") == 0
    first = OutboxEvent.objects.order_by("pk").filter(name="tests.b")[0]
    text = f"UPDATE {EVENTS} SET name = 'x%%' WHERE id = %s RETURNING id, name"
    assert statements.changed(text, first.pk) == (first.pk, "x%")
    assert statements.changed(text, -1) is None


def test_a_refusal_of_the_database_is_djangos_and_ends_the_transaction():
    now = statements.instant(datetime.now(UTC))
    text = f"INSERT INTO {NUMBERS} (key, value, updated_at) VALUES (%s, %s, %s)"
    values = "tests.number", "1", now
    with pytest.raises(IntegrityError), transaction.atomic():
        _twice(text, *values)
    assert not NumberSetting.objects.filter(key="tests.number").exists()


def test_nothing_runs_in_a_transaction_that_is_to_be_undone():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            statements.insert(entry())
    assert not AuditEntry.objects.filter(action="tests.done").exists()


def test_a_broken_connection_is_noticed():
    with pytest.raises(DatabaseError) as failed:
        statements.change("UPDATE there_is_no_such_table SET a = %s", 1)
    assert failed.type.__module__ == "django.db.utils"
    assert connection.errors_occurred
    connection.close_if_unusable_or_obsolete()
    assert statements.change(f"UPDATE {EVENTS} SET name = name WHERE id = %s", -1) == 0
