"""The message catalogues of the WordPress module: its own texts, its own four languages.

python -m tools.connector_texts extract   new texts into the .po files, vanished ones out
python -m tools.connector_texts compile   the .mo files, which are committed: nothing is built
                                          where the module is installed
python -m tools.connector_texts check     1 where a text is not translated or a .mo is old
"""

from __future__ import annotations

import io
import re
import struct
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tools.translations import CREATED

FOLDER = Path(__file__).resolve().parent.parent / "connectors" / "wordpress" / "hospes-connect"
DOMAIN = "hospes-connect"
LANGUAGES = ("de_DE", "es_ES", "fr_FR", "it_IT")
CALL = re.compile(
    r"(?:/\* translators: (?P<comment>.*?) \*/\s*[^;]*?)?"
    r"\b(?:__|_e|esc_html__|esc_html_e|esc_attr__|esc_attr_e)\(\s*"
    rf"'(?P<text>(?:[^'\\]|\\.)*)',\s*'{DOMAIN}'\s*\)",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%(?:\d\$)?[sd]")


def sources(folder: Path = FOLDER) -> Catalog:
    """Return every text of the module's PHP."""
    catalog = Catalog(project="Hospes Connect", charset="utf-8", creation_date=CREATED)
    for file in sorted(folder.rglob("*.php")):
        for call in CALL.finditer(file.read_text("utf-8")):
            text = re.sub(r"\\(['\\])", r"\1", call["text"])
            notes = [f"Translators: {call['comment']}"] if call["comment"] else []
            catalog.add(text, locations=[(file.relative_to(folder).as_posix(), 1)])
            message = catalog[text]
            message.auto_comments = sorted({*message.auto_comments, *notes})
            if PLACEHOLDER.search(text):
                message.flags.add("php-format")
            message.flags.discard("python-format")
    return catalog


def path(language: str, folder: Path = FOLDER) -> Path:
    """Return where a language's catalogue is."""
    return folder / "languages" / f"{DOMAIN}-{language}.po"


def read(language: str, folder: Path = FOLDER) -> Catalog:
    """Return a language's catalogue, an empty one where there is none yet."""
    file = path(language, folder)
    if not file.is_file():
        return Catalog(locale=language, project="Hospes Connect", charset="utf-8")
    with file.open("rb") as content:
        return read_po(content, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as WordPress reads it."""
    content = io.BytesIO()
    write_mo(content, catalog)
    data = bytearray(content.getvalue())
    count, _originals, translations = struct.unpack_from("<3I", data, 8)
    # Babel says 0 of the hash table that it does not write; WordPress looks behind the tables of
    # lengths for it, and refuses the file otherwise.
    struct.pack_into("<2I", data, 20, 0, translations + 8 * count)
    return bytes(data)


def read_compiled(file: Path) -> Catalog:
    """Return what a .mo file holds."""
    with file.open("rb") as content:
        return read_mo(content)


def _texts(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id}


def extract(folder: Path = FOLDER) -> None:
    """Bring the catalogues up to the source."""
    for language in LANGUAGES:
        catalog = read(language, folder)
        catalog.update(sources(folder), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        catalog.header_comment = "# Texts of Hospes Connect, see tools/connector_texts.py."
        catalog.creation_date = catalog.revision_date = CREATED
        catalog.last_translator = catalog.language_team = "The Hospes authors"
        catalog.msgid_bugs_address = catalog.version = ""
        file = path(language, folder)
        file.parent.mkdir(exist_ok=True)
        with file.open("wb") as content:
            write_po(content, catalog, sort_output=True, include_lineno=False, width=100)


def compile_all(folder: Path = FOLDER) -> None:
    """Write the .mo files."""
    for language in LANGUAGES:
        path(language, folder).with_suffix(".mo").write_bytes(compiled(read(language, folder)))


def faults(folder: Path = FOLDER) -> list[str]:
    """Return one line for everything that is wrong in any catalogue."""
    told: list[str] = []
    wanted = {str(message.id) for message in sources(folder) if message.id}
    for language in LANGUAGES:
        catalog = read(language, folder)
        present = {str(message.id): message for message in catalog if message.id}
        told += [f"{language}: missing: {text!r}" for text in sorted(wanted - present.keys())]
        told += [f"{language}: not used: {text!r}" for text in sorted(present.keys() - wanted)]
        for text, message in present.items():
            string = str(message.string or "")
            if not string.strip() or message.fuzzy:
                told.append(f"{language}: not translated: {text!r}")
            elif sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(string)):
                told.append(f"{language}: other placeholders: {text!r}")
        file = path(language, folder).with_suffix(".mo")
        if not file.is_file() or _texts(read_compiled(file)) != _texts(catalog):
            told.append(f"{language}: {file.name} is old; run `tools.connector_texts compile`")
    return told


def main() -> int:
    """Run one of the three."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "extract":
        extract()
    elif command == "compile":
        compile_all()
    elif command == "check":
        told = faults()
        print("\n".join(told))
        return 1 if told else 0
    else:
        sys.stderr.write("usage: connector_texts.py extract | compile | check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
