"""The REST API's peer is measured only where it does the same work, and in turns with ours."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bench import pairs, sameness
from bench.load import Result
from bench.pairs import Rates
from bench.peers import django_peer
from bench.peers.rest_peer import RestFramework
from bench.processes import Server
from bench.sameness import Reply
from hospes.config import databases
from hospes.kit import api_tokens

ROOT = Path(__file__).resolve().parent.parent.parent
PATH = "/api/1/products?limit=2"


def page(data, cursor=None, **other):
    return {"result": "success", "data": data, "has_more": bool(cursor), "cursor": cursor, **other}


# ---- the same answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "fault"),
    [
        (Reply(200, page([1, 2], "b", response_at=9)), ""),
        (Reply(200, page([1, 2], "b", response_at=9, more="of it")), ""),
        (Reply(401, None), "401 where ours answers 200"),
        (Reply(200, page([1], "b", response_at=9)), "its data"),
        (Reply(200, page([2, 1], "b", response_at=9)), "its data"),
        (Reply(200, {**page([1, 2], "b", response_at=9), "has_more": False}), "its has_more"),
        (Reply(200, {**page([1, 2], "b", response_at=9), "cursor": None}), "ends where ours"),
        (Reply(200, page([1, 2], "b")), "nothing of response_at"),
    ],
)
def test_another_answer_is_told_from_ours(theirs, fault):
    told = sameness.difference(Reply(200, page([1, 2], "a", response_at=1)), theirs)
    assert fault in told
    assert bool(told) == bool(fault)


@pytest.fixture
def servers(monkeypatch):
    """Two servers of the same four rows; the cursor of one is no cursor of the other."""
    rows = {"ours": [1, 2, 3, 4], "peer": [1, 2, 3, 4]}
    opened = {"good": {"ours", "peer"}}

    def ask(url, token):
        parts = urlsplit(url)
        host = str(parts.hostname)
        if host not in opened.get(token, set()):
            return Reply(401, None)
        prefix, _, start = parse_qs(parts.query).get("cursor", [f"{host}:0"])[0].partition(":")
        assert prefix == host
        end = int(start) + 2
        more = end < len(rows[host])
        return Reply(200, page(rows[host][int(start) : end], f"{host}:{end}" if more else None))

    monkeypatch.setattr(sameness, "ask", ask)
    return rows, opened


def require(tokens=("good",)):
    sameness.require("http://ours", "http://peer", PATH, tokens)


def test_a_peer_that_answers_the_same_is_measured(servers):
    require()


def test_a_peer_that_differs_on_a_later_page_is_not(servers):
    servers[0]["peer"][3] = 5
    with pytest.raises(SystemExit, match=r"not do the same work at .*: its data is not ours"):
        require()


def test_a_peer_that_lets_strangers_in_is_not(servers):
    servers[1][sameness.UNKNOWN] = {"peer"}
    with pytest.raises(SystemExit, match="it answers 200 where ours answers 401"):
        require()


def test_each_token_is_tried(servers):
    servers[1]["other"] = {"ours"}
    with pytest.raises(SystemExit, match="it answers 401 where ours answers 200"):
        require(("good", "other"))


def test_the_unknown_token_is_of_the_right_form():
    # Else it would be refused before anybody looked it up.
    assert api_tokens.is_genuine(sameness.UNKNOWN)


# ---- turns -----------------------------------------------------------------------------------


URLS = {pairs.OURS: "http://ours", RestFramework.name: "http://peer"}


def measured(monkeypatch, tmp_path, counts, urls=URLS):
    seen: list[tuple[str, float]] = []

    def run(url, _request, _file, seconds, _on):
        seen.append((url, seconds))
        good, asked = next(counts)
        return Result(asked, 1.0, good, 5.0, 0)

    monkeypatch.setattr(pairs, "run", run)
    found = pairs.rates(urls, None, tmp_path, 7, {1})
    return found, seen


def test_ours_and_the_peer_take_turns_and_the_first_one_warms_up(monkeypatch, tmp_path):
    counts = iter([(9, 9), (1, 1), (800, 800), (100, 100), (400, 400), (200, 200)] + [(60, 60)] * 2)
    found, seen = measured(monkeypatch, tmp_path, counts)
    assert found == Rates([800, 400, 60], [100, 200, 60])
    assert seen[:2] == [("http://ours", 1), ("http://peer", 1)]
    assert seen[2:] == [("http://ours", 7), ("http://peer", 7)] * pairs.ROUNDS


def test_the_ratio_is_of_rounds_that_stood_side_by_side():
    assert Rates([800, 400, 60], [100, 200, 60]).cells == ("400 /s", "100 /s", "2.00")
    assert Rates([800, 400, 60], []).cells == ("400 /s", "", "")


def test_wrong_answers_leave_no_figure(monkeypatch, tmp_path):
    counts = iter([(9, 9), (5, 10)])
    with pytest.raises(SystemExit, match="django-rest-framework: 5 of 10 answers are right"):
        measured(monkeypatch, tmp_path, counts)


def test_without_the_peer_ours_is_measured_alone(monkeypatch, tmp_path):
    found, seen = measured(monkeypatch, tmp_path, iter([(9, 9)] * 4), {pairs.OURS: "http://ours"})
    assert found == Rates([9, 9, 9], [])
    assert len(seen) == 1 + pairs.ROUNDS


# ---- the peer --------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["", "postgresql://postgres@127.0.0.1:5/bench"])
def test_the_peer_reads_our_database_and_has_our_limit(url):
    server = Server(database_url=url)
    try:
        told = RestFramework(server, requests=60, window=60).environment
        file = databases.sqlite_path(url, Path(server.folder.name))
        assert told["PEER_DATABASE"] == (url or str(file))
        assert told["PEER_RATE"] == "60/minute"
    finally:
        server.folder.cleanup()


def test_without_uv_the_peer_is_left_out_and_told(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(django_peer.shutil, "which", lambda _name: None)
    monkeypatch.setattr(django_peer, "ROOT", tmp_path)
    assert not pairs.present(RestFramework.name)
    told = capsys.readouterr().out
    assert told == "django-rest-framework is left out: no uv is on this machine.\n\n"


def test_the_peer_is_left_out_where_it_is_not_wanted(monkeypatch):
    monkeypatch.setattr(RestFramework, "ensure", lambda: pytest.fail("nothing is to be fetched"))
    parser = argparse.ArgumentParser()
    pairs.add_option(parser)
    assert parser.parse_args([]).peers == RestFramework.name
    assert not pairs.present(parser.parse_args(["--peers", "none"]).peers)


def test_the_framework_is_installed_for_the_bench_alone():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    assert any("djangorestframework" in line for line in groups["bench"])
    everywhere = [*project["project"]["dependencies"], *groups["dev"]]
    assert not any("djangorestframework" in line for line in everywhere)
