from __future__ import annotations

import contextlib

import pytest


@pytest.fixture
def count_queries():
    """Return a context manager that lists the statements run within it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextlib.contextmanager
    def counting():
        with CaptureQueriesContext(connection) as captured:
            found = []
            yield found
        found.extend(captured.captured_queries)

    return counting


@pytest.fixture
def django_plan():
    """Return a function that tells how the database would run a query on a large table."""
    from django.db import connection, transaction

    def explain(queryset):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            return queryset.explain()

    return explain


@pytest.fixture
def settings_with(monkeypatch):
    """Return a function that changes fields of the installation's environment."""
    import dataclasses

    from django.conf import settings

    def change(**fields):
        monkeypatch.setattr(settings, "HOSPES", dataclasses.replace(settings.HOSPES, **fields))

    return change
