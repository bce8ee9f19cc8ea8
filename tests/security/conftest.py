"""The same customer and application as in the tests of applications."""

from __future__ import annotations

from connect.conftest import anna, application, owner, register

__all__ = ("anna", "application", "owner", "register")
