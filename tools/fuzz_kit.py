"""What the fuzzing targets are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Find(Exception):
    """A parser did what it must never do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser as a function of bytes, and well-formed input to begin with."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def need(holds: bool, fault: str) -> None:  # noqa: FBT001 - an assertion that -O does not remove
    """Let only what holds pass.

    Raises:
        Find: it does not hold.

    """
    if not holds:
        raise Find(fault)


def split(data: bytes) -> tuple[bytes, bytes]:
    """Return the first line and the rest."""
    first, _, rest = data.partition(b"\n")
    return first, rest


def text(data: bytes) -> str:
    """Return text; what is not UTF-8 becomes lone surrogates, the worst text there is."""
    return data.decode("utf-8", "surrogateescape")


def latin(data: bytes) -> str:
    """Return bytes as WSGI hands headers on."""
    return data.decode("latin-1")
