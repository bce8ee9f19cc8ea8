"""The tools that look after what the modules share, and after their texts."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from support.site_visitor import CONNECTORS
from tools import connector_catalogues, connector_library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def connectors(tmp_path) -> Path:
    return shutil.copytree(CONNECTORS, tmp_path / "connectors")


def test_a_copy_that_was_changed_or_is_missing_is_told_and_mended(connectors):
    assert connector_library.faults(connectors) == []
    changed = connectors / "drupal" / "hospes_connect" / "src" / "OpenId" / "IdToken.php"
    changed.write_text(changed.read_text("utf-8").replace("'RS256', 'ES256'", "'none'"), "utf-8")
    (connectors / "typo3" / "hospes_connect" / "Classes" / "OpenId" / "Jwk.php").unlink()
    told = connector_library.faults(connectors)
    assert len(told) == 2
    assert any("drupal/hospes_connect/src/OpenId/IdToken.php" in line for line in told)
    connector_library.write(connectors)
    assert connector_library.faults(connectors) == []


def test_a_change_of_the_source_reaches_every_copy(connectors):
    source = connectors / "php" / "IdToken.php"
    source.write_text(source.read_text("utf-8") + "// more\n", "utf-8")
    assert len(connector_library.faults(connectors)) == len(connector_library.COPIES)
    source.write_text("<?php\n", "utf-8")
    with pytest.raises(ValueError, match="namespace"):
        connector_library.faults(connectors)


def test_no_class_of_the_library_is_forgotten():
    there = {file.stem for file in (CONNECTORS / "php").glob("*.php")}
    assert there == set(connector_library.ALL)


def test_texts_that_are_missing_or_not_translated_are_told(connectors):
    drupal, typo3 = (
        connectors / "drupal" / "hospes_connect",
        connectors / "typo3" / "hospes_connect",
    )
    assert connector_catalogues.drupal_faults(drupal) == []
    assert connector_catalogues.typo3_faults(typo3) == []

    gate = drupal / "src" / "Gate.php"
    gate.write_text(gate.read_text("utf-8") + "// $this->t('Quite new.')\n", "utf-8")
    po = drupal / "translations" / "hospes_connect.fr.po"
    po.write_text(po.read_text("utf-8").replace("@provider n'est", "Il n'est"), "utf-8")
    told = connector_catalogues.drupal_faults(drupal)
    assert len([line for line in told if "missing: 'Quite new.'" in line]) == 4
    assert [line for line in told if line.startswith("drupal fr: other placeholders")]

    language = typo3 / "Resources" / "Private" / "Language"
    spanish = language / "es.locallang.xlf"
    text = spanish.read_text("utf-8")
    spanish.write_text(text.replace("Iniciar sesión con %s", "Iniciar sesión"), "utf-8")
    english = language / "locallang.xlf"
    text = english.read_text("utf-8")
    unit = re.search(r'\s*<trans-unit id="fault.home".*?</trans-unit>', text, re.DOTALL)
    assert unit
    english.write_text(text.replace(unit[0], ""), "utf-8")
    told = connector_catalogues.typo3_faults(typo3)
    assert "typo3 es: other placeholders: button" in told
    assert "typo3: asked for and not there: fault.home" in told
