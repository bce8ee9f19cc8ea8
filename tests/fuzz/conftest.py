"""The hot plane of the tests in ``edge``, the application of those in ``connect``."""

from __future__ import annotations

from connect.conftest import anna, application, owner, register
from edge.conftest import world

__all__ = ("anna", "application", "owner", "register", "world")
