"""What brings WordPress to the tests, and what looks after its module's texts."""

from __future__ import annotations

import gettext
import shutil
import struct

import pytest

from tools import connector_texts, run_tests, wordpress


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """Make this look like a machine that has nothing; return the commands that are tried."""
    tried: list[tuple[str, ...]] = []

    def attempt(*command, folder=None):
        tried.append(command)
        return "no network"

    monkeypatch.setattr(wordpress, "program", lambda _name: None)
    monkeypatch.setattr(wordpress, "FOLDER", tmp_path / "none")
    monkeypatch.setattr(wordpress, "HOME", tmp_path / "tools" / "wordpress")
    monkeypatch.setattr(wordpress, "_try", attempt)
    return tried


def test_what_cannot_be_had_is_told_and_the_run_fails(bare, monkeypatch, capsys):
    monkeypatch.setattr(wordpress.os, "geteuid", lambda: 1000)
    said = wordpress.ensure()
    assert "php-mysql" in said
    assert said.endswith("no network")
    assert all(command[:2] != ("apt-get", "install") for command in bare)

    monkeypatch.setattr(run_tests.browser, "ensure", lambda: "chromium")
    monkeypatch.setattr(run_tests.javascript, "ensure", lambda: "")
    monkeypatch.setattr(run_tests, "pytest", lambda *_: pytest.fail("it ran"))
    monkeypatch.setenv("CHROMIUM", "")
    assert run_tests.main() == 1
    assert "The WordPress module cannot be tried here" in capsys.readouterr().err


def test_root_fetches_what_is_missing(bare, monkeypatch):
    monkeypatch.setattr(wordpress.os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/bin/apt-get")
    assert wordpress.ensure()
    assert bare[0] == ("apt-get", "update", "-q")


def test_what_is_there_is_not_fetched_again(monkeypatch, tmp_path):
    monkeypatch.setattr(wordpress, "_has_programs", lambda: True)
    monkeypatch.setattr(wordpress, "FOLDER", tmp_path)
    monkeypatch.setattr(wordpress, "_try", lambda *_, **__: pytest.fail("it was fetched"))
    assert wordpress.ensure() == ""


PHP = r"""<?php
/* translators: %s: a name. */
echo sprintf( __( 'It\'s %s', 'hospes-connect' ), $name ), esc_html__( 'Yes', 'hospes-connect' );
echo __( 'Not ours', 'other' );
"""


@pytest.fixture
def module(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "Page.php").write_text(PHP)
    connector_texts.extract(tmp_path)
    return tmp_path


def translate(module, **texts):
    for language in connector_texts.LANGUAGES:
        file = connector_texts.path(language, module)
        content = file.read_text("utf-8")
        for text, translation in (("It's %s", texts["name"]), ("Yes", texts["yes"])):
            content = content.replace(f'"{text}"\nmsgstr ""', f'"{text}"\nmsgstr "{translation}"')
        file.write_text(content, "utf-8")
    connector_texts.compile_all(module)


def test_texts_are_found_and_every_fault_is_told(module):
    assert {str(m.id) for m in connector_texts.sources(module) if m.id} == {"It's %s", "Yes"}
    assert sum("not translated" in line for line in connector_texts.faults(module)) == 8
    translate(module, name="Das ist jemand", yes="Ja")
    assert [line.split(": ")[1] for line in connector_texts.faults(module)] == [
        "other placeholders"
    ] * 4
    (module / "src" / "Page.php").write_text(PHP.replace("Yes", "No"))
    told = connector_texts.faults(module)
    assert "de_DE: missing: 'No'" in told
    assert "de_DE: not used: 'Yes'" in told


def test_a_compiled_catalogue_is_one_that_wordpress_reads(module):
    translate(module, name="Das ist %s", yes="Ja")
    assert connector_texts.faults(module) == []
    file = connector_texts.path("de_DE", module).with_suffix(".mo")
    with file.open("rb") as content:
        assert gettext.GNUTranslations(content).gettext("Yes") == "Ja"
    total, _, translations, hashes, behind = struct.unpack_from("<5I", file.read_bytes(), 8)
    # WordPress takes the difference for the length of the table (wp-includes/pomo/mo.php).
    assert (hashes, behind - translations) == (0, 8 * total)
    po = connector_texts.path("de_DE", module)
    po.write_text(po.read_text("utf-8").replace('"Ja"', '"Jawohl"'), "utf-8")
    assert "is old" in connector_texts.faults(module)[0]
