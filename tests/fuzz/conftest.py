"""The hot plane of the tests in ``edge``."""

from __future__ import annotations

from edge.conftest import world

__all__ = ("world",)
