"""A hot plane of the test's own, on each database, with rows to look at."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support import framework

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.world import World

KINDS = [
    pytest.param("default", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]
if framework.on_postgres():
    KINDS = [pytest.param("default", id="postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a hot plane behind a guard, over one of the two databases."""
    from edge.world import World, empty, use_database

    if request.param == "postgres":
        use_database("postgres", request.getfixturevalue("postgres"), Path(os.devnull))
    made = World(request.param)
    yield made
    made.close()
    if request.param == "postgres":
        empty("postgres")


@pytest.fixture
def verifier() -> str:
    return secrets.token_urlsafe(32)
