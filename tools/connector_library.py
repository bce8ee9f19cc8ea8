"""Copy the PHP that every connector shares, connectors/php, into each module's folder.

A site's module is one folder that needs nothing beside it, so each has its copy, under the
namespace of that module.

python -m tools.connector_library           write the copies
python -m tools.connector_library --check   1 where one differs from its source
"""

from __future__ import annotations

import sys
from pathlib import Path

CONNECTORS = Path(__file__).resolve().parent.parent / "connectors"
SOURCE = "php"
NAMESPACE = "namespace Hospes\\Connect;"
NOTE = "// A copy of connectors/php/{name}; see tools/connector_library.py.\n"
# Folder of the copies, namespace there, the classes that the module uses.
VERIFYING = ("Answers", "Attempt", "Base64Url", "IdToken", "Jwk", "Refused", "UnknownKey")
ALL = (*VERIFYING, "Client", "Host", "Psr")
COPIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("wordpress/hospes-connect/src", "Hospes\\Connect", VERIFYING),
    ("typo3/hospes_connect/Classes/OpenId", "Hospes\\HospesConnect\\OpenId", ALL),
    ("drupal/hospes_connect/src/OpenId", "Drupal\\hospes_connect\\OpenId", ALL),
)


def copies(root: Path = CONNECTORS) -> dict[Path, str]:
    """Return every copy's path and what belongs in it.

    Raises:
        ValueError: a source has no line that names its namespace.
    """
    wanted: dict[Path, str] = {}
    for folder, namespace, names in COPIES:
        for name in names:
            source = (root / SOURCE / f"{name}.php").read_text("utf-8")
            if source.count(NAMESPACE) != 1:
                raise ValueError(f"{SOURCE}/{name}.php: no line {NAMESPACE!r}")
            note = NOTE.format(name=f"{name}.php")
            text = source.replace(NAMESPACE, f"{note}namespace {namespace};")
            wanted[root / folder / f"{name}.php"] = text
    return wanted


def faults(root: Path = CONNECTORS) -> list[str]:
    """Return one line for each copy that is not what its source says."""
    return [
        f"{path.relative_to(root)}: not as in {SOURCE}/; run `python -m tools.connector_library`"
        for path, text in copies(root).items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]


def write(root: Path = CONNECTORS) -> None:
    """Write every copy."""
    for path, text in copies(root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def main() -> int:
    """Write or check."""
    if sys.argv[1:] == ["--check"]:
        told = faults()
        print("\n".join(told))
        return 1 if told else 0
    if sys.argv[1:]:
        sys.stderr.write("usage: connector_library.py [--check]\n")
        return 2
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
