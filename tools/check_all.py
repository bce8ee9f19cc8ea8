"""Run every check, tell all that fail, and end with one line that says how it went."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SCRIPTS = Path(sys.executable).parent

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("lint", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("types", [PYTHON, "-m", "mypy", "--no-error-summary"]),
    ("rooms", [str(SCRIPTS / "lint-imports"), "--no-logo"]),
    ("migrations", [PYTHON, "-m", "hospes", "makemigrations", "--check"]),
    ("translations", [PYTHON, "-m", "tools.translations", "check"]),
    ("connector texts", [PYTHON, "-m", "tools.connector_texts", "check"]),
    ("connector copies", [PYTHON, "-m", "tools.connector_library", "--check"]),
    ("site texts", [PYTHON, "-m", "tools.connector_catalogues", "check"]),
    ("tenants", [PYTHON, "-m", "tools.check_tenants"]),
    ("documents", [PYTHON, "-m", "tools.check_docs"]),
    ("file sizes", [PYTHON, "-m", "tools.check_sizes"]),
    ("words", [PYTHON, "-m", "tools.check_words"]),
    ("client", [PYTHON, "-m", "tools.make_client", "--check"]),
    ("licences", [PYTHON, "-m", "tools.check_licences"]),
)


def main() -> int:
    """Run them one after the other."""
    with tempfile.TemporaryDirectory(prefix="hospes-check-") as folder:
        failed = _run({**os.environ, "HOSPES_DATA_DIR": folder})
    print(f"check: {len(failed)} of {len(CHECKS)} fail: {', '.join(failed)}" if failed else "ok")
    return 1 if failed else 0


def _run(environment: dict[str, str]) -> list[str]:
    failed: list[str] = []
    for name, command in CHECKS:
        began = time.monotonic()
        result = subprocess.run(  # noqa: S603 - the commands above
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        state = "ok" if result.returncode == 0 else "FAILS"
        print(f"{name:<17} {state:<6} {time.monotonic() - began:5.1f} s", flush=True)
        if result.returncode:
            failed.append(name)
            print((result.stdout + result.stderr).strip(), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
