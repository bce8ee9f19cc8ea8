"""What each module came to, collected over the whole run and written to docs/conformance.md.

A pytest plugin: tests hand their outcome to the process that began the run with their reports. The
page is written only where every module of every plan has run, and holds no date: a run in which
nothing changed leaves it as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.modules import PLANS

from support import run

if TYPE_CHECKING:
    import pytest

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
PROPERTY: Final = "conformance"

HEAD: Final = Path(__file__).with_name("head.md")

WORDS: Final = {
    "passed": "passed",
    "warning": "passed, warning",
    "skipped": "skipped",
    "deviates": "**deviates**",
}


@dataclass
class Outcome:
    """What one module came to, besides passing or failing."""

    plan: str
    module: str
    # A plain dictionary: it travels between processes with the test's report.
    told: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.told.update(plan=self.plan, module=self.module, result="passed", note="")

    def warn(self, reason: str) -> None:
        """Note what the suite would warn of: allowed, but short of what is recommended."""
        note = f"{self.told['note']}; {reason}" if self.told["note"] else reason
        self.told.update(result="warning", note=note)

    def deviate(self, reason: str) -> None:
        """Note that the suite would not be content with what the standards permit here."""
        self.told.update(result="deviates", note=reason)

    def skip(self, reason: str) -> None:
        """Note that the suite would skip the module, and why."""
        self.told.update(result="skipped", note=reason)


_results: dict[tuple[str, str], tuple[str, str]] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect; a failure in any phase counts as one."""
    told: dict[str, Any] | None = dict(report.user_properties).get(PROPERTY)  # type: ignore[assignment]
    if told is None:
        return
    key = (told["plan"], told["module"])
    if report.failed:
        _results[key] = ("**failed**", "")
    elif report.when == "call" and report.passed:
        _results[key] = (WORDS[told["result"]], told["note"])


def pytest_sessionfinish() -> None:
    """Write the page, in the process that began the run, if nothing was left out."""
    wanted = {(plan, module) for plan, modules in PLANS.items() for module in modules}
    if run.is_controller() and wanted <= set(_results):
        PAGE.write_text(page(_results), "utf-8")


def page(results: dict[tuple[str, str], tuple[str, str]]) -> str:
    """Return the page for these results."""
    parts = [HEAD.read_text("utf-8")]
    for plan, modules in PLANS.items():
        rows = [(module, *results[plan, module]) for module in modules]
        counted = [row[1].strip("*").partition(",")[0] for row in rows]
        many = f"{len(rows)} module{'' if len(rows) == 1 else 's'}"
        words = [
            f"{counted.count(word)} {word}"
            for word in ("passed", "skipped", "deviates", "failed")
            if word in counted
        ]
        parts += [
            f"\n## Plan {plan}\n",
            f"`oidcc-{plan}-certification-test-plan`: {many}, {', '.join(words)}.\n",
            "\n| module | result | why |\n| --- | --- | --- |\n",
            *(f"| {module} | {result} | {note} |\n" for module, result, note in rows),
        ]
    return "".join(parts)
