"""Find a Chromium for the browser tests, or get one.

``python tools/browser.py`` prints its path; it exits with 1, saying what is missing, where none
can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "No Chromium was found. Install Debian's package (apt-get install chromium), or run "
    "`playwright install chromium` in the project's environment, or name a program in CHROMIUM."
)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow, and seldom needed

    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).is_file() else None


def find() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return shutil.which(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _of_playwright()


def _try(*command: str) -> str:
    """Run one way to get a browser; return why it did not work, "" where it did."""
    sys.stderr.write(f"Getting a browser: {' '.join(command)}\n")
    try:
        result = subprocess.run(  # noqa: S603 - fixed commands
            command, check=False, capture_output=True, text=True, timeout=600
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if result.returncode == 0 else (result.stderr or result.stdout).strip()[-400:]


def ensure() -> str | None:
    """Return the path of a Chromium, installing one where there is none."""
    found = find()
    if found:
        return found
    ways: list[list[tuple[str, ...]]] = [
        [(sys.executable, "-m", "playwright", "install", "chromium")]
    ]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append(
            [
                ("apt-get", "update", "-q"),
                ("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"),
            ]
        )
    for way in ways:
        why = next(filter(None, (_try(*command) for command in way)), "")
        found = find() if not why else None
        if found:
            return found
        sys.stderr.write(f"  did not work: {why or 'no program appeared'}\n")
    return None


if __name__ == "__main__":
    program = ensure()
    print(program or MISSING, file=sys.stdout if program else sys.stderr)
    sys.exit(0 if program else 1)
