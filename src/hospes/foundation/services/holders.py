"""Which process holds a job, and whether that process is surely gone."""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache
from pathlib import Path

_FIELDS = 4


@cache
def _process_space() -> str:
    # Two containers may share a host name; a process number means something only inside one.
    try:
        return str(os.stat("/proc/self/ns/pid").st_ino)  # noqa: PTH116 - a link that is no path
    except OSError:
        return "-"


@cache
def _token(pid: int) -> str:
    # After a restart a container's process often has the same number as the one that died.
    del pid
    return secrets.token_hex(4)


def mine() -> str:
    """Return the name under which this process holds jobs."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{_process_space()}/{pid}/{_token(pid)}"


def is_gone(holder: str) -> bool:
    """Return whether ``holder`` was a process of this very machine that no longer runs.

    False where it cannot be known: then only the lease's end frees the job.
    """
    parts = holder.rsplit("/", _FIELDS - 1)
    own = mine().rsplit("/", _FIELDS - 1)
    if len(parts) != _FIELDS or parts[:2] != own[:2] or parts[1] == "-":
        return False
    if parts[2] == own[2]:
        return parts[3] != own[3]
    try:
        os.kill(int(parts[2]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return _is_zombie(int(parts[2]))


def _is_zombie(pid: int) -> bool:
    """Return whether the process has ended and only its parent has not noticed yet (proc(5))."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    # The program's name, in parentheses, may hold anything.
    return text.rpartition(")")[2].split()[:1] in (["Z"], ["X"])
