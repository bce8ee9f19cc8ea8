"""``hospes token inspect``."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from hospes.config.cli import main
from hospes.kit import api_tokens
from support.api_tokens import make_token


@pytest.fixture
def inspect(monkeypatch, capsys):
    def run(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{text}\n"))
        return main(["token", "inspect"]), capsys.readouterr().out

    return run


def test_a_living_one(anna, inspect):
    token = make_token(anna, name="CI", networks="192.0.2.0/24")
    code, told = inspect(token)
    assert code == 0
    for text in ("right", anna.email, "CI", "active", "accounts:read", "192.0.2.0/24", "never"):
        assert text in told
    assert token not in told


@pytest.mark.parametrize("text", ["", "nothing", "hsp_pat_" + "0" * 35, "hsp_pat_" + "x" * 36])
def test_what_is_none(inspect, text):
    code, told = inspect(text)
    assert code == 1
    assert not text or text not in told


def test_without_a_database_it_tells_the_form_and_makes_nothing(tmp_path):
    token = api_tokens.make(bytes(range(api_tokens.RANDOM_BYTES)))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "hospes", "token", "inspect"],
        env={**kept, "HOSPES_DATA_DIR": str(tmp_path / "data")},
        input=token,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "no database" in done.stdout
    assert token not in done.stdout + done.stderr
    assert not list(tmp_path.rglob("*.sqlite3"))
