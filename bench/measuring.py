"""Rounds of one load, the providers taking turns."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench import probe, proofs
from bench.load import CONNECTIONS, Result, run
from bench.processes import cores
from bench.scenarios import CHALLENGE, request_for, scenario_for

if TYPE_CHECKING:
    from pathlib import Path

    from bench.scenarios import Target

ROUNDS = 3
KEPT = 2000
# Enough to see how fast it is, before as many codes are made as the rounds need.
FIRST = 12_000
FIRST_SECONDS = 1.0
SPARE = 1.5
TRIES = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of the rounds, or in ``wrong`` why there are none."""

    rate: float = 0.0
    p99_ms: float = 0.0
    wrong: str = ""


def fault(result: Result) -> str:
    """Return what makes a round say nothing, or nothing."""
    if result.valid:
        return ""
    return (
        f"{result.good} of {result.requests} answers were right, {result.broken} requests broke off"
    )


def summary(results: list[Result], wrong: str) -> Measured:
    """Return the medians, unless something was ``wrong`` or is with one of the rounds."""
    faults = [wrong, *(fault(result) for result in results)]
    if any(faults):
        return Measured(wrong=next(filter(None, faults)))
    return Measured(
        statistics.median(result.rate for result in results),
        statistics.median(result.p99_ms for result in results),
    )


class _Turns:
    """One load on one provider: what it was prepared with, and what came of it."""

    def __init__(self, name: str, target: Target, file: Path) -> None:
        self.target = target
        self.scenario = scenario_for(name, target)
        self.request = request_for(self.scenario, target)
        self.file = file
        self.results: list[Result] = []
        self.expected = 0.0
        self.wrong = ""

    def _prepare(self, count: int) -> None:
        if self.scenario.kind in proofs.KINDS:
            proofs.write(
                self.scenario.kind,
                count,
                self.file,
                url=self.target.url,
                path=self.target.paths[self.scenario.path],
                client_id=self.target.client(self.scenario.client)[0],
            )
        elif self.scenario.kind:
            self.target.prepare(
                self.scenario.kind, self.scenario.client, count, self.file, CHALLENGE
            )
        else:
            self.file.write_text("-\n")

    def _run(self, seconds: float) -> Result:
        return run(self.target.url, self.request, self.file, seconds, cores()[1])

    def warm_up(self) -> None:
        """Let it answer for a moment, and see how many codes a round will need."""
        self._prepare(1)
        self.wrong = probe.look(
            self.target.url, self.request, self.scenario, self.file.read_text().strip()
        )
        if self.wrong:
            return
        self._prepare(FIRST if self.scenario.once else KEPT)
        first = self._run(FIRST_SECONDS)
        if first.valid:
            self.expected = first.rate
        else:
            self.wrong = fault(first)

    def round(self, seconds: float) -> None:
        """Measure once; codes and refresh tokens are new each time."""
        if self.wrong:
            return
        for _ in range(TRIES):
            count = int(self.expected * max(1, seconds) * SPARE) + CONNECTIONS
            if self.scenario.once:
                self._prepare(count)
            result = self._run(seconds)
            if not (self.scenario.once and result.good >= count - CONNECTIONS):
                self.results.append(result)
                return
            # Its values were spent before the time was: it is faster than it seemed.
            self.expected = max(result.rate, 2 * self.expected)
        raise SystemExit(f"{self.target.name} is faster each time; is the machine busy?")


def measure(name: str, targets: list[Target], folder: Path, seconds: float) -> dict[str, Measured]:
    """Return by name of the provider how it did; those that lack the load are left out."""
    able = [target for target in targets if name not in target.lacking]
    turns = [_Turns(name, target, folder / target.name) for target in able]
    for turn in turns:
        turn.warm_up()
    # In turns: a machine that others share is faster in one second than in the next.
    for _ in range(ROUNDS):
        for turn in turns:
            turn.round(seconds)
    return {turn.target.name: summary(turn.results, turn.wrong) for turn in turns}
