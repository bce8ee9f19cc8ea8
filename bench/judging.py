"""The Authenticator's first page before Lighthouse: ``python -m bench app``.

Lighthouse (Google, Apache-2.0) loads it as a phone would; once on a slow network as it does by
default, once with only the processor slowed down to a quarter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.peers.node_peer import install
from bench.peers.program import Absent, last_words
from bench.processes import Server
from tools import browser

FOLDER = Path(__file__).with_name("lighthouse")
PAGE = "/authenticator/"
SECONDS = 180
QUARTER_SPEED = (
    "--throttling-method=devtools",
    "--throttling.requestLatencyMs=0",
    "--throttling.downloadThroughputKbps=0",
    "--throttling.uploadThroughputKbps=0",
    "--throttling.cpuSlowdownMultiplier=4",
)
_JUDGED = ("binary", "numeric", "metricSavings")


def main(arguments: list[str]) -> int:
    """Print what Lighthouse says of the app."""
    argparse.ArgumentParser(prog="bench app", description=__doc__).parse_args(arguments)
    chromium = browser.find()
    if chromium is None:
        print(f"The Authenticator was not judged: {browser.MISSING}")
        return 0
    try:
        install(FOLDER)
        server = Server()
        try:
            server.start()
            slow = _report(server, chromium, *QUARTER_SPEED)
            usual = _report(server, chromium)
        finally:
            server.stop()
            server.folder.cleanup()
    except Absent as absent:
        print(f"The Authenticator was not judged: {absent}")
        return 0
    _print(slow, usual)
    return 0


def _report(server: Server, chromium: str, *options: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        done = subprocess.run(
            [
                str(FOLDER / "node_modules" / ".bin" / "lighthouse"),
                f"http://127.0.0.1:{server.port}{PAGE}",
                "--output=json",
                f"--output-path={file}",
                "--quiet",
                "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
                *options,
            ],
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, "CHROME_PATH": chromium},
        )
        if done.returncode:
            raise Absent(last_words(done.stderr))
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def _print(slow: dict[str, Any], usual: dict[str, Any]) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, Lighthouse {usual['lighthouseVersion']}")
    print()
    print("| the Authenticator's first page | measured | wanted |")
    print("| --- | ---: | ---: |")
    ready = slow["audits"]["interactive"]["numericValue"] / 1000
    print(f"| interactive, processor at a quarter of its speed | {ready:.1f} s | < 1 s |")
    ready = usual["audits"]["interactive"]["numericValue"] / 1000
    print(f"| interactive, on a slow mobile network as well | {ready:.1f} s | |")
    for category in usual["categories"].values():
        print(f"| {category['title'].lower()} | {category['score'] * 100:.0f} of 100 | |")
    failing = sorted(
        audit["title"]
        for audit in usual["audits"].values()
        if audit["scoreDisplayMode"] in _JUDGED and audit["score"] == 0
    )
    print(f"| failing audits | {'; '.join(failing) or 'none'} | none |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
