"""Fuzz every parser for a while: by atheris where it is installed, else by Hypothesis.

``python -m tools.fuzz [seconds] [target …]`` runs each target of ``fuzz_targets`` for so many
seconds. What breaks one is kept in ``var/fuzz/finds`` and told with the way to show it again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "fuzz"
SECONDS = 20
USAGE = 2


def targets() -> list[str]:
    """Return the names of all targets."""
    from tools.fuzz_targets import TARGETS  # noqa: PLC0415 - it imports all the parsers

    return [target.name for target in TARGETS]


def run(name: str, seconds: int) -> tuple[str, int, str]:
    """Fuzz one target in a process of its own; return its name, exit code and last words."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "tools.fuzz_one", name, str(seconds)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + 120,
        )
    except subprocess.TimeoutExpired:
        return name, 1, f"It did not come back within {seconds + 120} seconds."
    if done.returncode:
        return name, done.returncode, done.stdout or done.stderr
    counted = re.search(
        r"number_of_executed_units: *([0-9]+)|([0-9]+) inputs", done.stdout + done.stderr
    )
    return name, 0, f"{counted[1] or counted[2]} inputs" if counted else "nothing was run"


def main(arguments: list[str]) -> int:
    """Run all targets or those named; 1 if one of them broke."""
    seconds, *chosen = arguments or [str(SECONDS)]
    known = targets()
    if not seconds.isdecimal() or not set(chosen) <= set(known):
        sys.stderr.write(f"python -m tools.fuzz [seconds] [target …], of: {', '.join(known)}\n")
        return USAGE
    names = chosen or known
    engine = "atheris" if find_spec("atheris") else "Hypothesis (atheris has no wheel here)"
    print(f"{len(names)} targets, {seconds} seconds each, by {engine}", flush=True)
    finds = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for name, code, told in pool.map(lambda each: run(each, int(seconds)), names):
            if code:
                finds += 1
                print(f"FOUND {name}\n{told.strip()[-4000:]}", flush=True)
            else:
                print(f"ok    {name}: {told}", flush=True)
    print(f"{finds} of {len(names)} targets broke." if finds else "Nothing broke.")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
