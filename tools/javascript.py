"""Bring the packages of the JavaScript client that the tests run, as its lock file names them.

``python tools/javascript.py`` exits with 1, saying what is missing, where they cannot be had.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "clients" / "javascript"
ABSENT = "No Node is on this machine: the JavaScript client is not run."
FAILED = "The JavaScript client's packages could not be fetched (npm ci):"


def ensure() -> str:
    """Fetch the packages where Node is and they are not; return what is wrong, or ""."""
    if shutil.which("node") is None:
        sys.stderr.write(f"{ABSENT}\n")
        return ""
    mark, lock = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if mark.is_file() and mark.stat().st_mtime >= lock.stat().st_mtime:
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return f"{FAILED} Node is here, npm is not."
    result = subprocess.run(  # noqa: S603 - a fixed command
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=FOLDER,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return "" if result.returncode == 0 else f"{FAILED} {result.stderr.strip()[-400:]}"


if __name__ == "__main__":
    wrong = ensure()
    sys.stderr.write(f"{wrong}\n" if wrong else "")
    sys.exit(1 if wrong else 0)
