"""``hospes serve``: prepare what is needed, then become the lean supervising process."""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import TYPE_CHECKING

from hospes.config import databases, environment, keyfiles
from hospes.config.cli import preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse

    from hospes.config.environment import Environment


def _surroundings(options: argparse.Namespace) -> Environment:
    # Without an address of its own the installation is reached where it listens.
    if options.demo:
        os.environ["HOSPES_DEMO"] = "1"
        os.environ.setdefault("HOSPES_LOG_FORMAT", "console")
    if not os.environ.get("HOSPES_BASE_URL", "").strip():
        os.environ["HOSPES_BASE_URL"] = f"http://127.0.0.1:{options.port}"
    return environment.read()


def refuse_busy_port(host: str, port: int) -> None:
    """Raise CommandFault where the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandFault(
                f"Cannot listen on {host}:{port}: {reason.lower()}.",
                (
                    "Another program, perhaps another `hospes serve`, may use this port.",
                    f"End it, or choose another port: hospes serve --port {min(port + 10, 65535)}",
                ),
            ) from None


def _prepare(env: Environment, *, demo: bool) -> None:
    keyfiles.load(env.data_dir)
    waiting = preparation.pending_migrations(env)
    if waiting:
        embedded = databases.sqlite_path(env.database_url, env.data_dir) is not None
        if not (embedded or demo):
            raise CommandFault(
                f"The database lacks {len(waiting)} migrations, the first is {waiting[0]}.",
                ("Run `hospes migrate`, then start again.",),
            )
        print(f"Bringing the database up to date ({len(waiting)} migrations).", flush=True)
        preparation.migrate()
    if preparation.collect_static(env):
        print("Put the static files in place.", flush=True)


def run(options: argparse.Namespace) -> int:
    """Check, prepare, and hand this process over to the server."""
    env = _surroundings(options)
    if options.workers > 1 and not env.redis_url:
        raise CommandFault(
            "Several server processes need shared counters.",
            ("Set REDIS_URL, or serve with one process (--workers 1).",),
        )
    refuse_busy_port(options.host, options.port)
    if options.demo:
        refuse_busy_port(options.host, options.port + 1)
    _prepare(env, demo=options.demo)
    people: list[str] = []
    if options.demo:
        from hospes.config.cli import demo

        people = demo.load()
    plan = {
        "host": options.host,
        "port": options.port,
        "workers": options.workers,
        "embedded_worker": not options.no_worker,
        "demo": options.demo,
        "base_url": env.base_url,
        "mailbox": env.demo or env.development,
        "people": people,
    }
    # A fresh process image: what preparing took (Django among it) is given back.
    sys.stdout.flush()
    os.environ["HOSPES_SERVE_PLAN"] = json.dumps(plan)
    # Each password's hash needs 19 MiB for a moment. Without this the C library keeps that much
    # for every thread that ever computed one.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.execv(  # noqa: S606 - our own interpreter and module, no shell
        sys.executable,
        [sys.executable, "-P", "-m", "hospes.config.cli.supervisor"],
    )
