"""What the documents name exists: files, commands, make targets, settings, addresses, modules.

Names are looked for in `code spans` and fenced blocks, links in the whole text.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.check_sizes import ROOT, tracked_files

PACKAGE = ROOT / "src" / "hospes"
ROOMS = frozenset(p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_"))
# Files and folders that only exist in an installation, not in the project.
MADE_LATER = frozenset(
    [
        "keys.json",
        "hospes.sqlite3",
        "var",
        "django.po",
        "django.mo",
        "hospes.service",
        "hospes-connect-site.json",
        "0001_initial",
    ]
)
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"\b(HOSPES_[A-Z_]+|DATABASE_URL|REDIS_URL)\b")
MAKE = re.compile(r"(?:^|[\s`])make ([a-z][\w-]*)")
COMMAND = re.compile(r"(?:^|[\s`/])hospes ((?:[a-z][\w-]*)(?: [\w./:@'=-]+)*)")
PATH = re.compile(r"^\.?[\w-][\w.*-]*(?:/[\w.*<>-]+)*/?$")
FILE_ENDING = re.compile(r"\.(py|md|toml|js|css|html|po|sh|lock|sqlite3|json|service)$")
MODULE = re.compile(r"^hospes(\.\w+)+$")
ROOM_NAME = re.compile(rf"({'|'.join(sorted(ROOMS))})\.[a-z_]+")
TOP_FOLDERS = frozenset([*ROOMS, "src", "docs", "tests", "tools", "bench", ".ci"])
ADDRESS = re.compile(r"^/[\w.-]*(?:/[\w.<>:-]*)*$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands."""

    file: Path
    text: str

    def fault(self, what: str) -> str:
        """Return the line that tells it."""
        near = self.file.is_relative_to(ROOT)
        return f"{self.file.relative_to(ROOT) if near else self.file}: {what}"


# ---- what exists -----------------------------------------------------------------------------


@cache
def _file_names() -> frozenset[str]:
    return frozenset(file.name for file in tracked_files(ROOT))


@cache
def _targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return frozenset(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))


@cache
def _variables() -> frozenset[str]:
    sources = [*(PACKAGE / "config").rglob("*.py"), *(ROOT / "tests" / "support").glob("*.py")]
    text = "\n".join(file.read_text("utf-8") for file in sources)
    return frozenset(VARIABLE.findall(text))


@cache
def _addresses() -> tuple[re.Pattern[str], ...]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospes.config.settings")
    import django  # noqa: PLC0415 - only where a document names an address
    from django.urls import get_resolver  # noqa: PLC0415 - as above

    django.setup()
    patterns = [re.compile(re.escape(address)) for address in _hot_addresses()]

    def walk(resolver: object, prefix: str) -> None:
        for item in resolver.url_patterns:  # type: ignore[attr-defined]  # Django's own objects
            route = prefix + str(item.pattern)
            if hasattr(item, "url_patterns"):
                walk(item, route)
            else:
                plain = re.sub(r"<[^>]+>", "\0", route)
                patterns.append(re.compile("/" + re.escape(plain).replace("\0", "[^/]+")))

    walk(get_resolver(), "")
    return tuple(patterns)


def _hot_addresses() -> set[str]:
    from hospes.edge.app import ENDPOINTS  # noqa: PLC0415 - only where a document names an address

    return {"/static/", *ENDPOINTS}


def _parser() -> argparse.ArgumentParser:
    from hospes.config.cli import parser  # noqa: PLC0415 - only where a document names a command

    return parser.build()


# ---- what is named ---------------------------------------------------------------------------


def _command_fault(words: list[str]) -> str:
    parser = _parser()
    named: list[str] = []
    for word in words:
        if word.startswith("--"):
            option = word.partition("=")[0]
            if option not in parser._option_string_actions:  # noqa: SLF001 - argparse offers no other way
                return f"`hospes {' '.join(named)}` has no option {option}"
            continue
        choices = next(
            (a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction)),  # noqa: SLF001 - as above
            None,
        )
        if choices is None:
            continue
        if word not in choices:
            return f"there is no command `hospes {' '.join([*named, word])}`"
        named.append(word)
        parser = choices[word]
    return ""


def _path_exists(name: str, document: Path) -> bool:
    if any(part in MADE_LATER for part in Path(name).parts) or "<" in name or "*" in name:
        return True
    bases = (ROOT, PACKAGE, document.parent, ROOT / "docs", ROOT / "tests")
    return any((base / name).exists() for base in bases)


def _module_exists(name: str) -> bool:
    parts = name.split(".")
    file = PACKAGE.joinpath(*parts[1:])
    if file.is_dir() or file.with_suffix(".py").is_file():
        return True
    parent = PACKAGE.joinpath(*parts[1:-1])
    source = parent.with_suffix(".py") if not parent.is_dir() else parent / "__init__.py"
    return (
        source.is_file() and re.search(rf"\b{parts[-1]}\b", source.read_text("utf-8")) is not None
    )


def _number_exists(name: str) -> bool:
    return any(
        f'"{name}"' in file.read_text("utf-8")
        for room in ("foundation", "identity", "connect", "organizations", "status")
        for file in (PACKAGE / room).rglob("*.py")
    )


def _span_fault(span: str, document: Path) -> str:
    if MODULE.match(span):
        return "" if _module_exists(span) else f"there is no module or name {span}"
    if re.fullmatch(rf"({'|'.join(sorted(ROOMS))})\.[a-z_]+", span) and not FILE_ENDING.search(
        span
    ):
        return (
            ""
            if _number_exists(span) or _module_exists(f"hospes.{span}")
            else f"unknown name {span}"
        )
    if ADDRESS.match(span) and span != "/":
        known = any(pattern.fullmatch(span) for pattern in _addresses())
        return "" if known or Path(span).parts[1] in {"srv", "etc", "var"} else f"no address {span}"
    if PATH.match(span):
        looks_like_path = "/" in span and (
            span.split("/", maxsplit=1)[0]
            in {*ROOMS, "src", "docs", "tests", "tools", "bench", ".ci"}
        )
        if looks_like_path or (FILE_ENDING.search(span) and "/" in span):
            return "" if _path_exists(span, document) else f"there is no {span}"
        if FILE_ENDING.search(span) and span not in MADE_LATER:
            return "" if span in _file_names() else f"there is no file called {span}"
    return ""


def faults_in(document: Path) -> list[str]:
    """Return one line for each name in ``document`` that nothing bears."""
    text = document.read_text("utf-8")
    place = Place(document, text)
    told: list[str] = []
    blocks = FENCE.findall(text)
    prose = FENCE.sub("", text)
    spans = SPAN.findall(prose)
    for code in [*blocks, *spans]:
        told.extend(
            place.fault(f"there is no `make {name}`")
            for name in MAKE.findall(code)
            if name not in _targets()
        )
        for line in code.splitlines():
            command_line = line.split("#")[0]
            for match in COMMAND.findall(command_line):
                fault = _command_fault(match.split())
                if fault:
                    told.append(place.fault(fault))
    told.extend(
        place.fault(f"there is no setting {name}")
        for name in sorted(set(VARIABLE.findall(text)))
        if name not in _variables()
    )
    told.extend(place.fault(fault) for span in spans if (fault := _span_fault(span, document)))
    for pair in LINK.findall(prose):
        target = (pair[0] or pair[1]).partition("#")[0]
        elsewhere = "://" in target or target.startswith("mailto:")
        if target and not elsewhere and not (document.parent / target).exists():
            told.append(place.fault(f"the link to {target} leads nowhere"))
    return told


def documents(root: Path = ROOT) -> list[Path]:
    """Return the documents that are checked."""
    return [
        file
        for file in tracked_files(root)
        if file.suffix == ".md" and not file.is_relative_to(root / "tests")
    ]


def main() -> int:
    """Check every document of the project."""
    told = [fault for document in documents() for fault in faults_in(document)]
    print("\n".join(told))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
