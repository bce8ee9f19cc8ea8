"""The message catalogues of the TYPO3 and Drupal modules: their own texts, their own languages.

python -m tools.connector_catalogues extract   new texts into Drupal's .po files, vanished ones out
python -m tools.connector_catalogues check     1 where a text is missing, not translated or unused

TYPO3's texts have names and stand in its English file; they are added to all five by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tools.translations import CREATED

CONNECTORS = Path(__file__).resolve().parent.parent / "connectors"
DRUPAL = CONNECTORS / "drupal" / "hospes_connect"
TYPO3 = CONNECTORS / "typo3" / "hospes_connect"
LANGUAGES = ("de", "es", "fr", "it")
CALL = re.compile(r"\$this->t\(\s*'(?P<text>(?:[^'\\]|\\.)*)'")
NAME = re.compile(
    r"locallang\.xlf:(?P<whole>[a-zA-Z_.]+[a-zA-Z_])"
    r"|(?:faults->text\(\s*|text\((?=.fault\.))(?P<quote>['\"])(?P<name>[a-zA-Z_.]+)(?P=quote)"
)
REASONS = re.compile(r"const REASONS = \[([^\]]*)\]")
WORD = re.compile(r"@\w+|%(?:\d\$)?[sd]")
XLIFF = "{urn:oasis:names:tc:xliff:document:1.2}"


def drupal_sources(folder: Path = DRUPAL) -> list[str]:
    """Return every text of Drupal's PHP, without its module's name and kind."""
    found: set[str] = set()
    for file in sorted(folder.rglob("*.php")):
        for call in CALL.finditer(file.read_text("utf-8")):
            text = re.sub(r"\\(['\\])", r"\1", call["text"])
            if text != "Client ID":  # openid_connect's own, translated there
                found.add(text)
    return sorted(found)


def _po(language: str, folder: Path) -> Path:
    return folder / "translations" / f"hospes_connect.{language}.po"


def drupal_catalogue(language: str, folder: Path = DRUPAL) -> Catalog:
    """Return a language's catalogue, brought up to the source."""
    wanted = Catalog(creation_date=CREATED)
    for text in drupal_sources(folder):
        wanted.add(text)
    catalog = Catalog(locale=language)
    file = _po(language, folder)
    if file.is_file():
        with file.open("rb") as content:
            catalog = read_po(content, locale=language)
    catalog.update(wanted, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = "# Texts of Hospes Connect, see tools/connector_catalogues.py."
    catalog.project, catalog.version = "Hospes Connect", ""
    catalog.creation_date = catalog.revision_date = CREATED
    catalog.last_translator = catalog.language_team = "The Hospes authors"
    catalog.msgid_bugs_address = ""
    return catalog


def write_drupal(language: str, catalog: Catalog, folder: Path = DRUPAL) -> None:
    """Write a language's catalogue."""
    with _po(language, folder).open("wb") as content:
        write_po(content, catalog, sort_output=True, include_lineno=False, width=100)


def drupal_faults(folder: Path = DRUPAL) -> list[str]:
    """Return one line for everything that is wrong in Drupal's catalogues."""
    told: list[str] = []
    wanted = set(drupal_sources(folder))
    for language in LANGUAGES:
        with _po(language, folder).open("rb") as content:
            present = {str(m.id): str(m.string or "") for m in read_po(content) if m.id}
        told += [
            f"drupal {language}: missing: {text!r}" for text in sorted(wanted - present.keys())
        ]
        told += [
            f"drupal {language}: not used: {text!r}" for text in sorted(present.keys() - wanted)
        ]
        told += [
            f"drupal {language}: {why}: {text!r}" for text, why in _wrong(present) if text in wanted
        ]
    return told


def typo3_texts(language: str = "", folder: Path = TYPO3) -> dict[str, tuple[str, str]]:
    """Return name => (English, translation) of a language's file, of the English one for ""."""
    name = f"{language}.locallang.xlf" if language else "locallang.xlf"
    file = folder / "Resources" / "Private" / "Language" / name
    units = ET.parse(file).iter(f"{XLIFF}trans-unit")  # noqa: S314 - our own file
    return {
        unit.attrib["id"]: (
            unit.findtext(f"{XLIFF}source") or "",
            unit.findtext(f"{XLIFF}target") or "",
        )
        for unit in units
    }


def typo3_names(folder: Path = TYPO3) -> set[str]:
    """Return the names of texts that TYPO3's PHP, templates and settings ask for."""
    found: set[str] = set()
    files = [*folder.rglob("*.php"), *folder.rglob("*.html"), folder / "ext_conf_template.txt"]
    for file in files:
        content = file.read_text("utf-8")
        found |= {match["whole"] or match["name"] for match in NAME.finditer(content)}
        for reasons in REASONS.finditer(content):
            found |= {f"fault.{name}" for name in re.findall(r"'(\w+)'", reasons[1])}
    return found


def typo3_faults(folder: Path = TYPO3) -> list[str]:
    """Return one line for everything that is wrong in TYPO3's catalogues."""
    english = typo3_texts(folder=folder)
    asked = typo3_names(folder)
    told = [f"typo3: asked for and not there: {name}" for name in sorted(asked - english.keys())]
    told += [f"typo3: not used: {name}" for name in sorted(english.keys() - asked)]
    for language in LANGUAGES:
        texts = typo3_texts(language, folder)
        for name in sorted(english.keys() | texts.keys()):
            source = english.get(name, ("", ""))[0]
            if texts.get(name, ("", ""))[0] != source:
                told.append(f"typo3 {language}: of another text: {name}")
            elif why := dict(_wrong({source: texts[name][1]})).get(source):
                told.append(f"typo3 {language}: {why}: {name}")
    return told


def _wrong(texts: dict[str, str]) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    for text, translation in texts.items():
        if not translation.strip():
            told.append((text, "not translated"))
        elif sorted(WORD.findall(text)) != sorted(WORD.findall(translation)):
            told.append((text, "other placeholders"))
    return told


def main() -> int:
    """Run one of the two."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "extract":
        for language in LANGUAGES:
            write_drupal(language, drupal_catalogue(language))
    elif command == "check":
        told = [*drupal_faults(), *typo3_faults()]
        print("\n".join(told))
        return 1 if told else 0
    else:
        sys.stderr.write("usage: connector_catalogues.py extract | check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
