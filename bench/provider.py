"""The OAuth provider under load. ``python -m bench.provider --only userinfo --seconds 5``."""

from __future__ import annotations

import argparse
import base64
import hashlib
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.load import CONNECTIONS, Request, Result, require_wrk, run
from bench.ours import CALLBACK, Ours
from bench.postgres import Postgres
from bench.processes import cores

ROUNDS = 3
VERIFIER = "correct-horse-battery-staple-correct-horse-battery"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
ROTATED = 2000
# Enough to see how fast it is, before as many codes are made as the rounds need.
FIRST = 12_000
FIRST_SECONDS = 1.0
SPARE = 1.5


@dataclass(frozen=True, slots=True)
class Scenario:
    """``kind`` is what is prepared and sent, ``client`` the application that sends it."""

    title: str
    kind: str
    client: str
    path: str
    body: str
    wanted: tuple[str, ...]
    once: bool = False


CODE = f"grant_type=authorization_code&code={{}}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}"
REFRESH = "grant_type=refresh_token&refresh_token={}"
ISSUED = ('"access_token":', '"id_token":')
SCENARIOS = {
    "client_credentials": Scenario(
        "client_credentials", "", "machine", "token",
        "grant_type=client_credentials", ('"access_token":',),
    ),
    "code_es256": Scenario("code, ES256", "code", "ES256", "token", CODE, ISSUED, once=True),
    "code_rs256": Scenario("code, RS256", "code", "RS256", "token", CODE, ISSUED, once=True),
    "refresh": Scenario(
        "refresh, ES256", "refresh", "ES256", "token", REFRESH,
        (*ISSUED, '"refresh_token":'), once=True,
    ),
    "introspection": Scenario(
        "introspection", "access", "ES256", "introspect", "token={}", ('"active":%s*true',)
    ),
    "userinfo": Scenario("userinfo", "access", "ES256", "userinfo", "", ('"sub":', '"email":')),
}  # fmt: skip


def request_for(scenario: Scenario, target: Ours) -> Request:
    """Return what ``wrk`` sends to ``target``."""
    path = target.paths[scenario.path]
    if scenario.path == "userinfo":
        return Request("GET", path, "Bearer {}", "", scenario.once, scenario.wanted)
    pair = ":".join(target.client(scenario.client)).encode()
    basic = "Basic " + base64.b64encode(pair).decode()
    return Request("POST", path, basic, scenario.body, scenario.once, scenario.wanted)


def measure(scenario: Scenario, target: Ours, folder: Path, seconds: float) -> list[Result]:
    """Prepare, warm up, and measure ``ROUNDS`` times."""
    beside = cores()[1]
    request = request_for(scenario, target)
    file = folder / "values"

    def prepare(count: int) -> None:
        if scenario.kind:
            target.prepare(scenario.kind, scenario.client, count, file, CHALLENGE)
        else:
            file.write_text("-\n")

    prepare(FIRST if scenario.once else ROTATED)
    first = run(target.url, request, file, FIRST_SECONDS, beside)
    if not first.valid:
        return [first]
    results = []
    for _ in range(ROUNDS):
        count = int(first.rate * seconds * SPARE) + CONNECTIONS
        if scenario.once:
            prepare(count)
        result = run(target.url, request, file, seconds, beside)
        if scenario.once and result.good >= count - CONNECTIONS:
            raise SystemExit("The values were spent before the time was; the rate would be wrong.")
        results.append(result)
    return results


def tell(scenario: Scenario, target: Ours, results: list[Result]) -> None:
    """Print one line of the table."""
    answers, good = sum(r.requests for r in results), sum(r.good for r in results)
    figures = f"| {scenario.title:<20} | {target.name} | {target.storage:<8} |"
    if not all(result.valid for result in results):
        print(f"{figures} invalid: {good} of {answers} answers were right |", flush=True)
        return
    rate = statistics.median(result.rate for result in results)
    late = statistics.median(result.p99_ms for result in results)
    print(
        f"{figures} {rate:>8.0f} /s | {late:>7.1f} ms | {100 * good / answers:.2f} % |", flush=True
    )


def names(known: tuple[str, ...]) -> str:
    """Return ``known`` as an option's default."""
    return ",".join(known)


def main(arguments: list[str] | None = None) -> int:
    """Measure what the options name."""
    parser = argparse.ArgumentParser(prog="bench.provider", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one round")
    parser.add_argument("--only", default=names(tuple(SCENARIOS)))
    parser.add_argument("--storage", default="sqlite,postgres")
    options = parser.parse_args(arguments)
    wanted = options.only.split(",")
    if set(wanted) - set(SCENARIOS):
        parser.error(f"--only takes some of {names(tuple(SCENARIOS))}")
    require_wrk()
    on = cores()[0]
    print(f"| {'what':<20} | peer | storage  | median of {ROUNDS} | p99 | right answers |")
    print("|---|---|---|---:|---:|---:|", flush=True)
    for storage in options.storage.split(","):
        postgres = Postgres(cores()[1]) if storage == "postgres" else None
        target = Ours(storage, postgres.database("hospes") if postgres else "", on)
        try:
            target.start()
            with tempfile.TemporaryDirectory(prefix="hospes-bench-values-") as folder:
                for name in wanted:
                    scenario = SCENARIOS[name]
                    results = measure(scenario, target, Path(folder), options.seconds)
                    tell(scenario, target, results)
        finally:
            target.stop()
            if postgres:
                postgres.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
