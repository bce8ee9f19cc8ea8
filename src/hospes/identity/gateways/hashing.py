"""Password hashes: argon2id, a bounded number at a time.

Parameters are OWASP's current setting (Password Storage Cheat Sheet: m=19 MiB, t=2, p=1).
"""

from __future__ import annotations

import os
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)

# Each hash fills one core and 19 MiB: more at once than cores would only delay everybody else.
# What the process may use counts, not what the machine has.
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
_AT_ONCE = threading.BoundedSemaphore(_CORES or 1)


def hash_password(password: str) -> str:
    """Return the PHC string for ``password`` (already normalised)."""
    with _AT_ONCE:
        return HASHER.hash(password)


def verify(password_hash: str, password: str) -> bool:
    """Return whether ``password`` is the one hashed; False for an unusable hash."""
    with _AT_ONCE:
        try:
            return HASHER.verify(password_hash, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


def needs_rehash(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _hash_of_nothing() -> str:
    return hash_password("nobody has this password")


def dummy_verify(password: str) -> None:
    """Do the work of ``verify`` where there is no account, so that time tells nothing."""
    verify(_hash_of_nothing(), password)
