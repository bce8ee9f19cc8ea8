"""Ours and a peer of the REST API under the same load, in turns."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.load import run
from bench.peers.program import Absent
from bench.peers.rest_peer import RestFramework

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from bench.load import Request

ROUNDS = 3
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Rates:
    """Right answers a second of each round; ``peer`` is empty where there is none."""

    ours: list[float]
    peer: list[float]

    @property
    def cells(self) -> tuple[str, str, str]:
        """Return the medians of both and of the rounds' ratios, for a table."""
        mine = f"{statistics.median(self.ours):,.0f} /s"
        if not self.peer:
            return mine, "", ""
        ratios = [ours / theirs for ours, theirs in zip(self.ours, self.peer, strict=True)]
        return (
            mine,
            f"{statistics.median(self.peer):,.0f} /s",
            f"{statistics.median(ratios):.2f}",
        )


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let the command line leave the peer out."""
    parser.add_argument(
        "--peers",
        choices=(RestFramework.name, "none"),
        default=RestFramework.name,
        help="what ours is measured beside",
    )


def present(name: str) -> bool:
    """Return whether the peer ``name`` is to be measured; fetch its packages, or tell why not."""
    if name != RestFramework.name:
        return False
    try:
        RestFramework.ensure()
    except Absent as why:
        print(f"{name} is left out: {why}.\n", flush=True)
        return False
    return True


def rates(
    urls: dict[str, str], request: Request, values: Path, seconds: float, beside: set[int]
) -> Rates:
    """Load each of ``urls`` (by name, ours among them) in turns from the cores ``beside``."""
    found: dict[str, list[float]] = {name: [] for name in urls}
    for number in range(ROUNDS + 1):
        # In turns: a machine that others share is faster in one second than in the next.
        for name, url in urls.items():
            result = run(url, request, values, seconds if number else 1, beside)
            if not result.valid:
                raise SystemExit(
                    f"{name}: {result.good} of {result.requests} answers are right, "
                    f"{result.broken} requests broke off"
                )
            if number:  # The first one warms up.
                found[name].append(result.rate)
    return Rates(found[OURS], found.get(RestFramework.name, []))
