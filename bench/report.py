"""The providers side by side, as a table of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.scenarios import SCENARIOS

if TYPE_CHECKING:
    from bench.measuring import Measured
    from bench.scenarios import Target

OURS = "ours"


def heading(targets: list[Target]) -> list[str]:
    """Return the first two lines of the table."""
    cells, rule = ["what"], ["---"]
    for target in targets:
        cells += [f"{target.name}, {target.storage}", "p99"]
        rule += ["---:", "---:"]
        if target.name != OURS:
            cells.append("ours / it")
            rule.append("---:")
    return [f"| {' | '.join(cells)} |", f"| {' | '.join(rule)} |"]


def _cells(name: str, target: Target, figures: dict[str, Measured]) -> list[str]:
    peer = target.name != OURS
    figure = figures.get(target.name)
    if figure is None:
        return ["", "", ""] if peer else ["", ""]
    if figure.wrong:
        return ["invalid", "", ""] if peer else ["invalid", ""]
    mark = " (*)" if name in target.instead else ""
    cells = [f"{figure.rate:,.0f}{mark}", f"{figure.p99_ms:.1f} ms"]
    if peer:
        ours = figures.get(OURS)
        cells.append(f"{ours.rate / figure.rate:.2f}" if ours and not ours.wrong else "")
    return cells


def line(name: str, targets: list[Target], figures: dict[str, Measured]) -> str:
    """Return the line of the load ``name``."""
    cells = [SCENARIOS[name].title]
    for target in targets:
        cells += _cells(name, target, figures)
    return f"| {' | '.join(cells)} |"


def remarks(names: list[str], targets: list[Target]) -> list[str]:
    """Return why a field is blank or marked."""
    told = []
    for target in targets:
        for name in names:
            title = SCENARIOS[name].title
            if name in target.lacking:
                told.append(f"- {target.name}, {title}: not measured, {target.lacking[name]}.")
            elif name in target.instead:
                told.append(f"- {target.name}, {title} (*): {target.instead[name][1]}.")
    return told
