"""Words that must not stand in the project: unfinished work, and what was meant for one machine."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from tools.check_sizes import ROOT, tracked_files

if TYPE_CHECKING:
    from pathlib import Path

# Written in pieces, so that this file does not hold them.
UNFINISHED = tuple("".join(parts) for parts in (("TO", "DO"), ("FIX", "ME"), ("X", "XX")))
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b({'|'.join(UNFINISHED)})\b"), "unfinished work"),
    (re.compile(r"lorem" + r" ipsum", re.IGNORECASE), "a placeholder text"),
    (re.compile(r"(?<![\w./])/(?:home|root|work)/[\w.]"), "a path of one machine"),
    (re.compile("info" + "maniak", re.IGNORECASE), "a trade mark"),
    (re.compile(r"\bprint\(.*(?:password|secret|token)=", re.IGNORECASE), "a secret printed"),
)
BINARY = frozenset([".png", ".jpg", ".webp", ".ico", ".woff2", ".mo", ".gz"])
EXEMPT = frozenset(["uv.lock", "LICENSE"])


def forbidden(files: list[Path]) -> list[str]:
    """Return one line for each place where a forbidden word stands."""
    told: list[str] = []
    for file in files:
        if file.suffix in BINARY or file.name in EXEMPT:
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            told.extend(
                f"{file}:{number}: {meaning}: {line.strip()[:100]}"
                for pattern, meaning in PATTERNS
                if pattern.search(line)
            )
    return told


def main() -> int:
    """Check the whole project."""
    told = forbidden(tracked_files(ROOT))
    print("\n".join(told))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
