"""A real server, its processes and their memory."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_SECONDS = 60.0


def cores() -> tuple[set[int], set[int]]:
    """Return the cores of the server and those of its clients: they take nothing from each other.

    On a machine with one core both get it.
    """
    present = sorted(os.sched_getaffinity(os.getpid()))
    half = len(present) // 2
    return (set(present[:half]), set(present[half:])) if half else (set(present), set(present))


def pinned(to: set[int]) -> Callable[[], None]:
    """Return what a child process calls first, to stay on the cores ``to``."""
    return lambda: os.sched_setaffinity(0, to)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """Return the process and everything it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += descendants(int(child))
    return found


def proportional_bytes(pid: int) -> int:
    """Return a process's PSS: its own memory, and its share of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def resident_bytes(pid: int) -> int:
    """Return a process's RSS: what it shares is counted whole."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@dataclass
class Server:
    """``hospes serve`` with a data folder of its own, which goes with it."""

    folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="hospes-bench-")
    )
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    cores: set[int] | None = None
    database_url: str = ""

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that it runs with."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOSPES_")},
            "HOSPES_DATA_DIR": self.folder.name,
            "HOSPES_BASE_URL": self.url,
            "HOSPES_DEVELOPMENT": "1",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": "",
        }

    def start(self) -> float:
        """Start it; return the seconds from the command to the first page."""
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hospes", "serve", "--port", str(self.port)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=pinned(self.cores) if self.cores else None,  # noqa: PLW1509 - no threads yet
        )
        while time.perf_counter() - began < WAIT_SECONDS:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/sign-in"):  # noqa: S310 - our own server
                return time.perf_counter() - began
            time.sleep(0.01)
        raise SystemExit("The server does not start; try `hospes serve`.")

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(WAIT_SECONDS)
        self.process = None

    def python(self, code: str) -> str:
        """Run ``code`` with Django set up on its data; return what it prints."""
        return subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "hospes.config.settings"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def memory(self) -> tuple[int, int, int]:
        """Return PSS, RSS (bytes, summed) and the number of its processes."""
        if self.process is None:
            raise SystemExit("The server is not running.")
        pids = descendants(self.process.pid)
        return sum(map(proportional_bytes, pids)), sum(map(resident_bytes, pids)), len(pids)
