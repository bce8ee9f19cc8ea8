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
