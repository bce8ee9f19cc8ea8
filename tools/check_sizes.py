"""No source file is longer than 400 lines: past that it is two things."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 400
SUFFIXES = frozenset([".py", ".js", ".css", ".html", ".toml", ".sh"])
# Written by tools, or lists of data.
EXEMPT = ("/migrations/",)


def tracked_files(root: Path = ROOT) -> list[Path]:
    """Return the project's files: those git tracks or would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(  # noqa: S603 - git, with fixed arguments
        command, check=True, capture_output=True, text=True, cwd=root
    ).stdout
    return [root / name for name in sorted(set(listed.split("\0"))) if (root / name).is_file()]


def too_long(files: list[Path]) -> list[str]:
    """Return one line for each file past the limit."""
    told: list[str] = []
    for file in files:
        if file.suffix not in SUFFIXES or any(part in file.as_posix() for part in EXEMPT):
            continue
        length = len(file.read_text("utf-8").splitlines())
        if length > LIMIT:
            told.append(f"{file}: {length} lines, the limit is {LIMIT}")
    return told


def main() -> int:
    """Check the whole project."""
    told = too_long(tracked_files())
    print("\n".join(told))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
