"""docs/conformance.md tells of every module, and every module has its test."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance import record
from conformance.modules import PLANS

HERE = Path(__file__).parent
NUMBERS = {
    "basic": 38,
    "config": 1,
    "dynamic": 23,
    "formpost-basic": 38,
    "rp-initiated-logout": 11,
    "backchannel-rp-initiated-logout": 2,
    "frontchannel-rp-initiated-logout": 2,
}
RESULTS = ("passed", "passed, warning", "skipped", "**deviates**", "**failed**")


def section(text, plan):
    return text.partition(f"\n## Plan {plan}\n")[2].partition("\n## ")[0]


def rows(text, plan):
    """Return (module, result, why) of each row of a plan's table."""
    lines = [line for line in section(text, plan).splitlines() if line.startswith("| oidcc-")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def test_the_plans_are_complete():
    assert {plan: len(modules) for plan, modules in PLANS.items()} == NUMBERS
    assert all(len(set(modules)) == len(modules) for modules in PLANS.values())


def test_every_module_has_a_test_named_after_it():
    written = "\n".join(file.read_text("utf-8") for file in sorted(HERE.glob("test_*.py")))
    for module in {module for modules in PLANS.values() for module in modules}:
        assert f"\ndef test_{module.replace('-', '_')}(" in written, module


@pytest.mark.parametrize("listed", PLANS)
def test_the_page_lists_every_module(listed):
    found = rows(record.PAGE.read_text("utf-8"), listed)
    assert [row[0] for row in found] == list(PLANS[listed])
    assert all(result in RESULTS for _module, result, _why in found)
    # A module that did not simply pass says why, but for a failure: the run tells that.
    assert all(why for _module, result, why in found if result in RESULTS[1:4])


def test_the_page_says_what_it_is_not():
    assert "**This is not a certification.**" in record.PAGE.read_text("utf-8")


def results(config="passed"):
    told = {(plan, module): ("passed", "") for plan in PLANS for module in PLANS[plan]}
    return {**told, ("config", PLANS["config"][0]): (config, "")}


def test_the_page_is_made_of_the_results_alone():
    text = record.page(results())
    assert text == record.page(dict(reversed(results().items())))
    assert "38 modules, 38 passed." in section(text, "basic")
    failed = record.page(results("**failed**"))
    assert "1 module, 1 failed." in section(failed, "config")


def report(plan, module, outcome, **told):
    class Report:
        when = "call"
        passed = outcome == "passed"
        failed = outcome == "failed"
        user_properties = [
            (record.PROPERTY, {"plan": plan, "module": module, "result": "passed", "note": ""})
        ]

    return Report()


def test_only_a_whole_run_writes_the_page(tmp_path, monkeypatch):
    page = tmp_path / "conformance.md"
    monkeypatch.setattr(record, "PAGE", page)
    monkeypatch.setattr(record, "_results", {})
    monkeypatch.setattr(record.run, "is_controller", lambda: True)
    everything = [(plan, module) for plan in PLANS for module in PLANS[plan]]
    for plan, module in everything[:-1]:
        record.pytest_runtest_logreport(report(plan, module, "passed"))
    record.pytest_sessionfinish()
    assert not page.exists()
    record.pytest_runtest_logreport(report(*everything[-1], "failed"))
    record.pytest_sessionfinish()
    assert rows(page.read_text("utf-8"), everything[-1][0])[-1][1] == "**failed**"
