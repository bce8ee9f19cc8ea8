"""What ``make bench`` says of ours and of its peers can be believed."""

from __future__ import annotations

import base64
import json
import tomllib
from pathlib import Path

import pytest

from bench import measuring, probe, provider, report
from bench.load import Result
from bench.measuring import Measured
from bench.peers import django_peer, node_peer
from bench.scenarios import SCENARIOS, request_for, scenario_for

ROOT = Path(__file__).resolve().parent.parent.parent


class Target:
    """A provider that only notes what it is asked for."""

    paths = {"token": "/token", "introspect": "/introspect", "userinfo": "/userinfo"}
    lacking: dict[str, str] = {}
    instead: dict[str, tuple[str, str]] = {}
    storage = "memory"

    def __init__(self, name, log=None):
        self.name, self.url = name, f"http://{name}.example"
        self.log = [] if log is None else log

    def client(self, name):
        return name, "secret"

    def prepare(self, kind, name, count, file, _challenge):
        self.log.append((self.name, kind, name, count))
        file.write_text("value\n" * count)


class Poor(Target):
    lacking = {"code_es256": "as it cannot"}
    instead = {"refresh": ("RS256", "with another signature")}


def result(good, requests=None, seconds=1.0, p99=5.0, broken=0):
    return Result(good if requests is None else requests, seconds, good, p99, broken)


def id_token(alg):
    return base64.urlsafe_b64encode(json.dumps({"alg": alg}).encode()).decode().rstrip("=") + ".x.y"


# ---- what is counted -------------------------------------------------------------------------


def test_medians_are_told():
    rounds = [result(100, p99=9.0), result(300, p99=1.0), result(200, p99=4.0)]
    assert measuring.summary(rounds, "") == Measured(200.0, 4.0)


@pytest.mark.parametrize("bad", [result(90, 100), result(0), result(100, broken=1)])
def test_one_bad_round_leaves_no_figure(bad):
    told = measuring.summary([result(100), bad, result(100)], "")
    assert told.rate == 0
    assert "answers were right" in told.wrong


def test_an_answer_found_wrong_at_first_leaves_no_figure():
    assert measuring.summary([], "not rotated") == Measured(wrong="not rotated")


@pytest.mark.parametrize(
    ("name", "answer", "fault"),
    [
        ("code_es256", {"id_token": id_token("ES256")}, ""),
        ("code_es256", {"id_token": id_token("RS256")}, "signed with RS256, not ES256"),
        ("refresh", {"id_token": id_token("ES256"), "refresh_token": "new"}, ""),
        ("refresh", {"id_token": id_token("ES256"), "refresh_token": "old"}, "not rotated"),
        ("refresh", {"id_token": id_token("ES256")}, "not rotated"),
        ("introspection", {"active": True}, ""),
        ("introspection", {"active": False}, "not active"),
    ],
)
def test_the_first_answer_is_looked_at(name, answer, fault):
    told = probe.fault(SCENARIOS[name], "old", answer)
    assert fault in told
    assert bool(told) == bool(fault)


# ---- turns -----------------------------------------------------------------------------------


@pytest.fixture
def loads(monkeypatch):
    """What ``wrk`` would see; each provider answers 100 a second."""
    seen: list[str] = []

    def run(url, _request, file, seconds, _on):
        seen.append(url.partition("//")[2].partition(".")[0])
        return result(min(int(100 * seconds), len(file.read_text().splitlines())))

    monkeypatch.setattr(measuring, "run", run)
    monkeypatch.setattr(measuring.probe, "look", lambda *_: "")
    return seen


def test_providers_take_turns(loads, tmp_path):
    figures = measuring.measure("userinfo", [Target("a"), Target("b")], tmp_path, 2)
    assert loads == ["a", "b"] * (1 + measuring.ROUNDS)
    assert set(figures) == {"a", "b"}


def test_each_round_has_codes_of_its_own(loads, tmp_path):
    target = Target("a")
    measuring.measure("code_rs256", [target], tmp_path, 1)
    assert [entry[1:3] for entry in target.log] == [("code", "RS256")] * (2 + measuring.ROUNDS)
    # As many as the rate seen first needs, and half as many again.
    assert {entry[3] for entry in target.log[2:]} == {150 + measuring.CONNECTIONS}


def test_a_round_whose_codes_were_spent_is_done_again_with_more(monkeypatch, tmp_path):
    rates = iter([100, 1000, 1000, 1000, 1000, 1000, 1000, 1000])

    def run(_url, _request, file, _seconds, _on):
        return result(min(next(rates), len(file.read_text().splitlines())))

    monkeypatch.setattr(measuring, "run", run)
    monkeypatch.setattr(measuring.probe, "look", lambda *_: "")
    figures = measuring.measure("code_rs256", [Target("a")], tmp_path, 1)
    assert figures["a"].rate == 1000


def test_what_a_peer_lacks_is_left_out(loads, tmp_path):
    figures = measuring.measure("code_es256", [Target("ours"), Poor("poor")], tmp_path, 1)
    assert set(figures) == {"ours"}
    assert "poor" not in loads


def test_what_a_peer_does_otherwise_is_asked_of_another_client():
    assert scenario_for("refresh", Target("a")).client == "ES256"
    scenario = scenario_for("refresh", Poor("poor"))
    assert scenario.client == "RS256"
    sent = request_for(scenario, Poor("poor")).authorization.removeprefix("Basic ")
    assert base64.b64decode(sent) == b"RS256:secret"


# ---- the table -------------------------------------------------------------------------------


def test_the_table_has_ratios_and_as_many_fields_in_each_line():
    targets = [Target("ours"), Target("peer"), Poor("poor")]
    figures = {
        "ours": Measured(3000.0, 4.0),
        "peer": Measured(1500.0, 8.0),
        "poor": Measured(100.0, 9.0),
    }
    lines = [
        *report.heading(targets),
        report.line("userinfo", targets, figures),
        report.line("refresh", targets, figures),
        report.line("code_es256", targets, {"ours": figures["ours"], "peer": figures["peer"]}),
        report.line("userinfo", targets, {**figures, "ours": Measured(wrong="bad")}),
    ]
    assert {line.count("|") for line in lines} == {10}
    assert "| 3,000 | 4.0 ms | 1,500 | 8.0 ms | 2.00 | 100 | 9.0 ms | 30.00 |" in lines[2]
    assert "| 100 (*) |" in lines[3]
    assert lines[4].endswith("|  |  |  |")
    assert "| invalid |  | 1,500 | 8.0 ms |  |" in lines[5]


def test_blanks_and_marks_are_explained():
    told = report.remarks(list(SCENARIOS), [Target("ours"), Poor("poor")])
    assert told == [
        "- poor, code, ES256 ID token: not measured, as it cannot.",
        "- poor, refresh, ES256 ID token (*): with another signature.",
    ]


# ---- peers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("module", "name"), [(node_peer, "Node"), (django_peer, "uv")])
def test_without_the_programs_a_peer_is_left_out_and_told(
    module, name, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(module.shutil, "which", lambda _name: None)
    monkeypatch.setattr(django_peer, "ROOT", tmp_path)
    peer = node_peer.OidcProvider if module is node_peer else django_peer.Toolkit
    assert provider.present([peer.name]) == []
    assert capsys.readouterr().out == f"{peer.name} is left out: no {name} is on this machine.\n\n"


def test_options():
    everything = provider.wanted([])
    assert everything.scenarios == list(SCENARIOS)
    assert everything.peers == list(provider.PEERS) == provider.wanted(["--peers"]).peers
    some = provider.wanted(["--peers", "none", "--storage", "postgres", "--only", "userinfo"])
    assert (some.peers, some.storages, some.scenarios) == ([], ["postgres"], ["userinfo"])
    with pytest.raises(SystemExit):
        provider.wanted(["--only", "nothing"])


def test_the_peers_lock_file_names_exact_versions_and_no_host():
    lock = json.loads((node_peer.FOLDER / "package-lock.json").read_text())
    wanted = json.loads((node_peer.FOLDER / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    packages = [about for name, about in lock["packages"].items() if name]
    assert all("integrity" in about and "resolved" not in about for about in packages)


def test_the_toolkit_is_installed_with_nothing_else():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    assert any("django-oauth-toolkit" in line for line in groups["bench"])
    assert "bench" not in project["tool"]["uv"]["default-groups"]
    everywhere = [*project["project"]["dependencies"], *groups["dev"]]
    assert not any("django-oauth-toolkit" in line for line in everywhere)
