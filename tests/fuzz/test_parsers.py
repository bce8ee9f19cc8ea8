"""The parsers by themselves: they read, or refuse in their own words, and raise nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools import fuzz, fuzz_one
from tools.fuzz_kit import Find, Target
from tools.fuzz_strategies import inputs
from tools.fuzz_targets import TARGETS


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_bytes_break_a_parser(target: Target, data: st.DataObject) -> None:
    target.run(data.draw(inputs(target)))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_parser_takes_what_is_well_formed(target: Target) -> None:
    assert target.seeds
    for seed in target.seeds:
        target.run(seed)


def test_each_name_is_one_target() -> None:
    names = [target.name for target in TARGETS]
    assert sorted(set(names)) == sorted(names)
    assert fuzz.targets() == names


def broken(data: bytes) -> None:
    if b"a" in data:
        raise Find("an a")


def test_a_find_is_kept_and_told_with_the_way_to_show_it(monkeypatch, tmp_path, capsys) -> None:
    planted = Target("planted", broken, (b"bab",))
    monkeypatch.setattr("tools.fuzz_targets.TARGETS", (planted,))
    monkeypatch.setattr(fuzz_one, "FOLDER", tmp_path)
    with pytest.raises(Find):
        fuzz_one.by_hypothesis("planted", 5)
    (kept, *_) = (tmp_path / "finds").iterdir()
    assert f"tools.fuzz_one planted {kept}" in capsys.readouterr().out
    with pytest.raises(Find):
        fuzz_one.main(["planted", str(kept)])


def test_a_find_fails_the_run(monkeypatch, capsys) -> None:
    monkeypatch.setattr(fuzz, "run", lambda name, _seconds: (name, int(name == "basic"), "told"))
    assert fuzz.main(["1", "basic", "scope"]) == 1
    told = capsys.readouterr().out
    assert "FOUND basic\ntold" in told
    assert "ok    scope" in told
    assert fuzz.main(["1", "scope"]) == 0
    assert fuzz.main(["1", "no such target"]) == fuzz.USAGE
