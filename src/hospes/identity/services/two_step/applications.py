"""Whose sign-in it is: the room above tells which application a page belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_finders: list[Callable[[str], str]] = []


def register(find: Callable[[str], str]) -> None:
    """Have ``find`` asked for the name of the application that a local address leads to."""
    if find not in _finders:
        _finders.append(find)


def name_of(continue_to: str) -> str:
    """Return the application's name, ``""`` for this site itself."""
    return next((name for find in _finders if (name := find(continue_to))), "")
