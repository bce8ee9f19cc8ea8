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
def settings_with(monkeypatch):
    """Return a function that changes fields of the installation's environment."""
    import dataclasses

    from django.conf import settings

    def change(**fields):
        monkeypatch.setattr(settings, "HOSPES", dataclasses.replace(settings.HOSPES, **fields))

    return change
