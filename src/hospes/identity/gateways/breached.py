"""Whether a password is on a list of leaked ones, answered without any network."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Protocol

HASH_LENGTH = 40
# A line is the hash, a colon, a count and a line end: far less than this.
LINE_LIMIT = 128

_BUILT_IN = Path(__file__).with_name("common_passwords.txt")


class BreachedPasswords(Protocol):
    """A list of passwords known to attackers."""

    def contains(self, password: str) -> bool:
        """Return whether the password is on the list."""


@cache
def _built_in_passwords() -> frozenset[str]:
    lines = _BUILT_IN.read_text("utf-8").splitlines()
    return frozenset(line.lower() for line in lines if line and not line.startswith("#"))


class BuiltInList:
    """The small list that comes with the product: long passwords that everybody thinks of."""

    def contains(self, password: str) -> bool:
        """Return whether the password, in whatever case, is on the list."""
        return password.lower() in _built_in_passwords()


class HashFile:
    """A file in the "ordered by hash" format of Have I Been Pwned's SHA-1 list.

    Each line is 40 upper-case hexadecimal digits, a colon and a count; the lines are sorted. The
    file (some 40 GB whole) is never read in: a binary search takes about 40 reads of a line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def contains(self, password: str) -> bool:
        """Return whether the password's SHA-1 stands in the file.

        Raises:
            OSError: where the file has gone.

        """
        digest = hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False)
        wanted = digest.hexdigest().upper().encode("ascii")
        descriptor = os.open(self._path, os.O_RDONLY)
        try:
            return _search(descriptor, wanted)
        finally:
            os.close(descriptor)


def _line_from(descriptor: int, start: int) -> tuple[int, bytes]:
    """Return where the first line beginning at or after ``start`` begins, and its hash."""
    position = start
    if start:
        # Unless the byte before is a line end, ``start`` is in the middle of a line.
        head = os.pread(descriptor, LINE_LIMIT, start - 1)
        position = start + head.find(b"\n") if b"\n" in head else start + len(head)
    return position, os.pread(descriptor, HASH_LENGTH, position).upper()


def _search(descriptor: int, wanted: bytes) -> bool:
    low, high = 0, os.fstat(descriptor).st_size
    # Invariant: a line holding ``wanted`` begins in [low, high).
    while low < high:
        middle = (low + high) // 2
        begin, found = _line_from(descriptor, middle)
        if begin >= high or not found:
            high = middle
        elif found == wanted:
            return True
        elif found < wanted:
            low = begin + 1
        else:
            high = middle
    return False


def known_lists(path: Path | None) -> tuple[BreachedPasswords, ...]:
    """Return the lists to ask: the built-in one and, where the provider has it, the file."""
    return (BuiltInList(), HashFile(path)) if path else (BuiltInList(),)
