"""What Hospes installs at run time may be used with it: no GPL and no AGPL.

The LGPL of psycopg is accepted: it is a library that the provider may replace.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata

from packaging.requirements import Requirement

FORBIDDEN = re.compile(r"(?<![A-Z])A?GPL|(?<!Lesser )General Public License", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def licence(name: str) -> str:
    """Return what a distribution says of its licence."""
    about = metadata.metadata(name)
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    lines = [*(about.get_all("License-Expression") or []), *(about.get_all("License") or [])]
    stated = str(lines[0]) if lines else ""
    # Some put the licence's whole text there; its first line names it.
    return "; ".join([*classifiers, stated.strip().splitlines()[0] if stated.strip() else ""])


def runtime_distributions(root: str = "hospes") -> set[str]:
    """Return the names of everything that ``root`` needs to run, itself left out."""
    found: set[str] = set()
    waiting: list[tuple[str, frozenset[str]]] = [(root, frozenset())]
    while waiting:
        name, extras = waiting.pop()
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            wanted = [{"extra": extra} for extra in (extras or {""})]
            if requirement.marker and not any(requirement.marker.evaluate(w) for w in wanted):
                continue
            key = requirement.name.lower().replace("_", "-")
            if key not in found:
                found.add(key)
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def refused(licences: dict[str, str]) -> list[str]:
    """Return one line for each licence that cannot be accepted, or is not stated."""
    told: list[str] = []
    for name, stated in sorted(licences.items()):
        if not stated.strip("; "):
            told.append(f"{name}: states no licence")
        elif FORBIDDEN.search(stated) and not LESSER.search(stated):
            told.append(f"{name}: {stated}")
    return told


def main() -> int:
    """Check everything that is installed with Hospes."""
    told = refused({name: licence(name) for name in runtime_distributions()})
    print("\n".join(told))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
