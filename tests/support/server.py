"""A real ``hospes serve``, for browsers and for accidents."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from support import run
from support.mailbox import Letter

_numbers = itertools.count(1)


class Server:
    """One installation with a data folder of its own; it may be killed and started again."""

    def __init__(self, *options: str, database_url: str = "", **variables: str) -> None:
        self.options = options
        self.variables = variables
        self.database_url = database_url
        self.data_dir: Path = run.run_dir() / f"server-{run.worker_name()}-{next(_numbers)}"
        self.data_dir.mkdir(mode=0o700)
        run.sqlite_database(self.data_dir)
        run.static_files(self.data_dir, "sqlite")
        self.port = run.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.data_dir / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that this installation's commands run with."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("HOSPES_") and name not in {"DATABASE_URL", "REDIS_URL"}
        }
        return {
            **kept,
            "HOSPES_DATA_DIR": str(self.data_dir),
            "HOSPES_BASE_URL": self.url,
            "HOSPES_DEVELOPMENT": "1",
            "HOSPES_PROVIDER_NAME": "Alpenhost",
            "DATABASE_URL": self.database_url,
            **self.variables,
        }

    def command(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run ``hospes`` with these arguments in this installation, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "hospes", *arguments],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            **options,
        )

    def python(self, code: str) -> str:
        """Run ``code`` with Django set up on this installation's data; return what it prints."""
        tests = Path(__file__).resolve().parent.parent
        result = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
            env={
                **self.environment,
                "DJANGO_SETTINGS_MODULE": "hospes.config.settings",
                "PYTHONPATH": str(tests),
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def start(self) -> None:
        """Start, and wait until a page is answered."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "hospes", "serve"),
                    *("--port", str(self.port), *self.options),
                ],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        run.wait_until(self._answers, f"The server's first page ({self.log.read_text()})")

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"The server ended:\n{self.log.read_text()}")
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """End it as Ctrl-C or a service manager does; return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut does."""
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what an SQL statement finds in its (SQLite) database."""
        connection = sqlite3.connect(self.data_dir / "hospes.sqlite3", timeout=10)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def mails(self, address: str) -> list[Letter]:
        """Return the mails delivered to ``address``, oldest first."""
        found = self.rows(
            "SELECT recipient, subject, text, html FROM foundation_mailbox_entry"
            " WHERE recipient = ? ORDER BY id",
            address,
        )
        return [Letter(*row) for row in found]

    def wait_for_mail(self, address: str, subject: str = "", count: int = 1) -> Letter:
        """Wait for the ``count``-th mail to ``address`` (with ``subject`` in its subject)."""

        def matching() -> list[Letter]:
            return [mail for mail in self.mails(address) if subject in mail.subject]

        run.wait_until(lambda: len(matching()) >= count, f"mail {subject!r} to {address}")
        return matching()[count - 1]
