"""The process that owns the listening socket and watches the server processes.

It imports no Django, so that it stays small; `hospes serve` becomes it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

APPLICATION = "hospes.config.cli.application:application"
# Threads that run pages. More than cores: some of them wait for a password hash or a commit,
# and the others must not wait with them.
BLOCKING_THREADS = 16
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What `hospes serve` decided."""

    host: str
    port: int
    workers: int
    embedded_worker: bool
    demo: bool
    base_url: str
    mailbox: bool
    people: list[str]


def greeting(plan: Plan) -> str:
    """Return what is printed once the server listens."""
    lines = [f"Hospes answers on {plan.base_url}"]
    if plan.mailbox:
        lines.append(f"  Mailbox      {plan.base_url}/dev/mailbox")
    if plan.demo:
        lines.append(f"  Demo client  http://127.0.0.1:{plan.port + 1}")
        lines.extend(f"  {line}" for line in plan.people)
    lines.append("Press Ctrl-C to stop.")
    return "\n".join(lines)


def _demo_client(plan: Plan) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            *(sys.executable, "-P", "-m", "hospes", "demo-client"),
            *("--host", plan.host, "--port", str(plan.port + 1)),
        ],
        # It ends with this process, also where this one is killed outright.
        env={**os.environ, "HOSPES_DEMO_CLIENT_CHILD": "1"},
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def main() -> int:
    """Serve until SIGINT or SIGTERM."""
    plan = Plan(**json.loads(os.environ.pop("HOSPES_SERVE_PLAN")))
    os.environ["HOSPES_EMBEDDED_WORKER"] = "1" if plan.embedded_worker else "0"
    server = Server(
        APPLICATION,
        address=plan.host,
        port=plan.port,
        interface=Interfaces.WSGI,
        workers=plan.workers,
        blocking_threads=BLOCKING_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        process_name=None,
    )
    if plan.demo:
        client = _demo_client(plan)
        server.on_shutdown(lambda: _stop(client))
    os.environ["HOSPES_GREETING"] = greeting(plan)
    server.serve()
    print("Stopped.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
