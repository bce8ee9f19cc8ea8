"""One measurement with ``wrk``: what is sent, and how it went."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.processes import pinned

CONNECTIONS = 32
ENOUGH_GOOD = 0.99
SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Request:
    """``{}`` in headers and ``body`` stands for a value; ``wanted`` are Lua patterns.

    ``proof`` is the header ``DPoP``, "" for none.
    """

    method: str
    path: str
    authorization: str
    body: str
    once: bool
    wanted: tuple[str, ...]
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run of ``wrk`` saw."""

    requests: int
    seconds: float
    good: int
    p99_ms: float
    broken: int

    @property
    def rate(self) -> float:
        """Return the right answers a second."""
        return self.good / self.seconds

    @property
    def valid(self) -> bool:
        """Return whether nearly every answer was 200 and held what it must."""
        return not self.broken and self.good > 0 and self.good >= ENOUGH_GOOD * self.requests


def require_wrk() -> None:
    """End with a clear word where the load generator is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing. On Debian and Ubuntu: apt-get install wrk")


def run(url: str, request: Request, values: Path, seconds: float, on: set[int]) -> Result:
    """Send requests from the cores ``on`` for ``seconds``, or until all values are spent."""
    done = subprocess.run(
        [
            *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT)),
            *(url, "--", request.method, request.path, request.authorization, request.body),
            *(str(values), "once" if request.once else "again", request.proof, *request.wanted),
        ],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=pinned(on),
    )
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return Result(**json.loads(line.removeprefix("RESULT ")))
    raise SystemExit(f"wrk failed: {done.stdout}{done.stderr}")
