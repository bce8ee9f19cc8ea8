"""The message catalogues: ``extract``, ``compile`` and ``check``. Needs no gettext programs.

English is the language of the source and has no catalogue. A catalogue is
``src/hospes/locale/<language>/LC_MESSAGES/django.po``; Django reads the ``.mo`` beside it.
"""

from __future__ import annotations

import ast
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "hospes"
LANGUAGES = ("fr", "de", "it", "es")
TEMPLATE_SUFFIXES = frozenset([".html", ".txt", ".xml", ".svg"])

_ONE, _PLURAL = (1,), (1, 2)
_CONTEXT, _CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, tuple[object, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
# A constant creation date keeps the files' history free of noise.
CREATED = datetime(2025, 1, 1, tzinfo=UTC)

Identity = tuple[str | tuple[str, ...], str | None]
Found = tuple[str | tuple[str, ...], str | None, str, list[str]]


# ---- what the source says --------------------------------------------------------------------

# What a file of Python holds that says anything: Django's functions, or the demo client's own.
_TRANSLATES = re.compile(rb"gettext|translat")
_CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\(")
_LITERAL = re.compile(r"""\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?""", re.DOTALL)
_ARGUMENTS = {"gettext": 1, "_": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}


def _literals(text: str, position: int, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        match = _LITERAL.match(text, position)
        if match is None:
            break
        found.append(str(ast.literal_eval(match[1])))
        position = match.end()
    return found


def from_template(source: str, name: str) -> Iterator[Found]:
    """Yield the messages of one Django template."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - slow to import

    code = templatize(source, origin=name)
    for call in _CALL.finditer(code):
        function = call[1]
        texts = _literals(code, call.end(), _ARGUMENTS[function])
        if len(texts) < _ARGUMENTS[function]:
            continue
        context = texts.pop(0) if function in {"pgettext", "npgettext"} else None
        yield (texts[0] if len(texts) == 1 else tuple(texts)), context, name, []


def from_python(file: Path, name: str) -> Iterator[Found]:
    """Yield the messages of one Python file."""
    with file.open("rb") as content:
        for _line, message, comments, context in babel_extract(
            "python",
            content,
            keywords=KEYWORDS,  # type: ignore[arg-type]  # Babel's stubs forbid its own contexts
            comment_tags=("Translators:",),
            strip_comment_tags=False,
        ):
            yield message, context, name, list(comments)


def source_catalog(package: Path = PACKAGE) -> Catalog:
    """Return every message of the source."""
    catalog = Catalog(project="Hospes", charset="utf-8", creation_date=CREATED)
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package.parent.parent).as_posix()
        if "/locale/" in name:
            continue
        if file.suffix == ".py":
            if not _TRANSLATES.search(file.read_bytes()):
                continue
            messages = from_python(file, name)
        elif file.suffix in TEMPLATE_SUFFIXES and "/templates/" in name:
            messages = from_template(file.read_text("utf-8"), name)
        else:
            continue
        for message, context, place, comments in messages:
            if message:
                catalog.add(message, None, [(place, 1)], auto_comments=comments, context=context)
    return catalog


# ---- the catalogues --------------------------------------------------------------------------


def catalog_path(language: str, package: Path = PACKAGE) -> Path:
    """Return where a language's catalogue is."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str, package: Path = PACKAGE) -> Catalog:
    """Return a language's catalogue, an empty one where there is none yet."""
    path = catalog_path(language, package)
    if not path.is_file():
        return Catalog(locale=language, project="Hospes", charset="utf-8", creation_date=CREATED)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(catalog: Catalog, language: str, package: Path = PACKAGE) -> None:
    """Write a catalogue, sorted, without line numbers."""
    name = catalog.locale.english_name if catalog.locale else language
    catalog.header_comment = f"# {name} texts of Hospes. `make translations` collects new ones."
    catalog.revision_date = CREATED
    catalog.last_translator = catalog.language_team = "The Hospes authors"
    catalog.msgid_bugs_address = ""
    catalog.version = ""
    catalog.fuzzy = False
    path = catalog_path(language, package)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, sort_output=True, include_lineno=False, width=100)


def extract(package: Path = PACKAGE) -> None:
    """Bring the catalogues up to the source: new messages empty, vanished ones removed."""
    source = source_catalog(package)
    for language in LANGUAGES:
        catalog = read(language, package)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write(catalog, language, package)
        empty = sum(1 for message in _messages(catalog) if not _is_translated(message))
        print(f"{language}: {len(catalog)} texts, {empty} to translate")


def compile_all(package: Path = PACKAGE) -> None:
    """Write the .mo files that are missing or older than their catalogue."""
    for path in sorted((package / "locale").glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        temporary = target.with_suffix(".mo.new")
        with temporary.open("wb") as file:
            write_mo(file, catalog)
        temporary.replace(target)


# ---- checks ----------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif](?![a-z])|\{\w*\}")
_TAG = re.compile(r"</?[a-z][a-z0-9]*")


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _identity(message: Message) -> Identity:
    text = message.id if isinstance(message.id, str) else tuple(message.id)
    return text, message.context


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(text or "") for text in value] if isinstance(value, (list, tuple)) else []


def _is_translated(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(text.strip() for text in texts)


def _marks(text: str) -> list[str]:
    return sorted({*_PLACEHOLDER.findall(text), *_TAG.findall(text)})


def _fault(message: Message) -> str:
    if message.fuzzy:
        return "is marked fuzzy"
    if not _is_translated(message):
        return "is not translated"
    sources = _texts(message.id)
    for text in _texts(message.string):
        # A plural's text may say "one" instead of the number; it may add nothing of its own.
        if _marks(text) != _marks(sources[-1]) and _marks(text) not in map(_marks, sources):
            return f"has {_marks(text)} where the source has {_marks(sources[-1])}"
        if text.startswith("\n") != sources[0].startswith("\n"):
            return "differs in its line ends"
    return ""


def faults(package: Path = PACKAGE) -> list[str]:
    """Return one line for everything that is wrong in any catalogue."""
    wanted = {_identity(message) for message in _messages(source_catalog(package))}
    told: list[str] = []
    for language in LANGUAGES:
        present = _messages(read(language, package))
        known = {_identity(message) for message in present}
        told.extend(f"{language}: missing: {text!r}" for text, _ in sorted(wanted - known, key=str))
        told.extend(
            f"{language}: not used: {text!r}" for text, _ in sorted(known - wanted, key=str)
        )
        for message in present:
            fault = _fault(message)
            if fault:
                told.append(f"{language}: {message.id!r} {fault}")
    return told


def check() -> int:
    """Tell what is wrong; return 1 where anything is."""
    told = faults()
    shown = 60
    print("\n".join(told[:shown]))
    if told:
        print(f"{len(told)} faults. `make translations` collects new texts; the rest is writing.")
    return 1 if told else 0


def main() -> int:
    """Run one of the three."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "extract":
        extract()
    elif command == "compile":
        compile_all()
    elif command == "check":
        return check()
    else:
        sys.stderr.write("usage: translations.py extract | compile | check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
