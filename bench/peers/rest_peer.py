"""``django-rest-framework`` on the tables that ours made, in the environment of the peers."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers.django_peer import PYTHON, ROOT, install
from bench.peers.program import Program, last_words
from bench.processes import free_port
from hospes.config.cli.supervisor import BLOCKING_THREADS

if TYPE_CHECKING:
    from bench.processes import Server

VERSIONS = """
from importlib.metadata import version
names = ("djangorestframework", "django", "granian")
print(*(f"{name} {version(name)}" for name in names), sep=", ")
"""
# As django-rest-framework names a span of so many seconds.
_SPANS = {1: "second", 60: "minute"}


class RestFramework:
    """One granian process as ours is, beside ``server`` and on its database.

    ``requests`` and ``window`` (seconds, 1 or 60) are what a token may ask, as ours is told.
    """

    name = "django-rest-framework"

    def __init__(self, server: Server, *, requests: int, window: int) -> None:
        self.server = server
        self.rate = f"{requests}/{_SPANS[window]}"
        self.port = free_port()
        self.program: Program | None = None

    @staticmethod
    def ensure() -> None:
        """Fetch what it needs, or say what is missing."""
        install()

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that it runs with."""
        file = Path(self.server.folder.name) / "hospes.sqlite3"
        return {
            "DJANGO_SETTINGS_MODULE": "bench.peers.drf.settings",
            "PEER_DATABASE": self.server.database_url or str(file),
            "PEER_REDIS": self.server.environment["REDIS_URL"],
            "PEER_RATE": self.rate,
            "PYTHONPATH": str(ROOT),
            # As `hospes serve` has it.
            "MALLOC_ARENA_MAX": "2",
        }

    @staticmethod
    def versions() -> str:
        """Return the versions of what is measured."""
        done = subprocess.run(
            [str(PYTHON), "-c", VERSIONS], check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{RestFramework.name}: {last_words(done.stderr)}")
        return done.stdout.strip()

    def start(self) -> None:
        """Serve what is in the database."""
        command = [
            *(str(PYTHON), "-P", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--http", "1", "--no-ws", "--workers", "1"),
            *("--blocking-threads", str(BLOCKING_THREADS), "--no-access-log"),
            *("--log-level", "error", "bench.peers.drf.wsgi:application"),
        ]
        on = self.server.cores or os.sched_getaffinity(0)
        self.program = Program(command, self.environment, ROOT, on)
        self.program.answers_at(f"{self.url}/api/1/ping")

    def stop(self) -> None:
        """End it."""
        if self.program is not None:
            self.program.stop()
            self.program = None
