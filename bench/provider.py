"""The OAuth provider under load, beside others. ``python -m bench provider --seconds 5``."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import report
from bench.load import CONNECTIONS, require_wrk
from bench.machine import machine
from bench.measuring import ROUNDS, measure
from bench.ours import Ours
from bench.peers.django_peer import Toolkit
from bench.peers.node_peer import OidcProvider
from bench.peers.program import Absent
from bench.postgres import Postgres
from bench.processes import cores
from bench.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.scenarios import Target

PEERS: dict[str, type[OidcProvider | Toolkit]] = {
    OidcProvider.name: OidcProvider,
    Toolkit.name: Toolkit,
}
STORAGES = ("sqlite", "postgres")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for."""

    scenarios: list[str]
    storages: list[str]
    peers: list[str]
    seconds: float


def wanted(arguments: list[str] | None) -> Wanted:
    """Return what is to be measured."""
    parser = argparse.ArgumentParser(prog="bench provider", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one round")

    def some(option: str, known: tuple[str, ...], *others: str) -> None:
        def chosen(text: str) -> list[str]:
            found = [] if text in others else text.split(",")
            if set(found) - set(known):
                raise argparse.ArgumentTypeError(f"takes some of {','.join((*known, *others))}")
            return found

        every = ",".join(known)
        told = " or ".join((f"some of {every}", *others))
        # Named without a value it means what it means when it is not named.
        parser.add_argument(option, type=chosen, nargs="?", default=every, const=every, help=told)

    some("--only", tuple(SCENARIOS))
    some("--storage", STORAGES)
    some("--peers", tuple(PEERS), "none")
    options = parser.parse_args(arguments)
    return Wanted(options.only, options.storage, options.peers, options.seconds)


def present(names: list[str]) -> list[str]:
    """Return the peers that this machine can run, their packages fetched; tell of the others."""
    found = []
    for name in names:
        try:
            PEERS[name].ensure()
        except Absent as why:
            print(f"{name} is left out: {why}.\n", flush=True)
        else:
            found.append(name)
    return found


@contextlib.contextmanager
def running(storage: str, peers: list[str]) -> Iterator[list[Target]]:
    """Start ours and the peers on ``storage``, all on the same core; end them."""
    on, beside = cores()
    with contextlib.ExitStack() as ending:
        postgres = Postgres(beside) if storage == "postgres" else None
        if postgres:
            ending.callback(postgres.stop)
        targets: list[Target] = []
        for number, make in enumerate((Ours, *(PEERS[name] for name in peers))):
            target: Target = make(postgres.database(f"bench{number}") if postgres else "", on)
            ending.callback(target.stop)
            target.start()
            targets.append(target)
        about = [target.versions() for target in targets]
        about.append(postgres.version() if postgres else f"SQLite {sqlite3.sqlite_version}")
        print(f"{'; '.join(about)}.\n")
        yield targets


def compare(storage: str, asked: Wanted, peers: list[str]) -> None:
    """Print the table of one storage, line by line."""
    with (
        running(storage, peers) as targets,
        tempfile.TemporaryDirectory(prefix="hospes-bench-values-") as folder,
    ):
        print("\n".join(report.heading(targets)), flush=True)
        wrong = []
        for name in asked.scenarios:
            figures = measure(name, targets, Path(folder), asked.seconds)
            print(report.line(name, targets, figures), flush=True)
            wrong += [
                f"- {peer}, {SCENARIOS[name].title}: invalid, {figure.wrong}."
                for peer, figure in figures.items()
                if figure.wrong
            ]
        print()
        for remark in (*report.remarks(asked.scenarios, targets), *wrong):
            print(remark)
        print(flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Measure what the options name."""
    asked = wanted(arguments)
    require_wrk()
    # An end from outside ends the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    peers = present(asked.peers)
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; answers a second and p99, medians of {ROUNDS}"
        f" rounds of {max(1, round(asked.seconds))} s, {CONNECTIONS} connections.\n"
    )
    for storage in asked.storages:
        compare(storage, asked, peers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
