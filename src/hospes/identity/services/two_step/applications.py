"""Whose sign-in it is: the room above tells which application a page belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_finders: list[Callable[[str], str]] = []
_ways_out: list[Callable[[str], str]] = []


def register(find: Callable[[str], str]) -> None:
    """Have ``find`` asked for the name of the application that a local address leads to."""
    if find not in _finders:
        _finders.append(find)


def register_way_out(find: Callable[[str], str]) -> None:
    """Have ``find`` asked where a person goes who gives up what a local address asked for."""
    if find not in _ways_out:
        _ways_out.append(find)


def way_out(continue_to: str) -> str:
    """Return the local address that tells the application no, ``/`` where there is none to tell."""
    return next((address for find in _ways_out if (address := find(continue_to))), "/")


def name_of(continue_to: str) -> str:
    """Return the application's name, ``""`` for this site itself."""
    return next((name for find in _finders if (name := find(continue_to))), "")
