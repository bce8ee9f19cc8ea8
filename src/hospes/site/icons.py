"""The icons, read once from the sprite and drawn into the page.

Drawn in place rather than by ``<use href>``: browsers disagree on which policy directive governs a
sprite in another file, and an icon must never appear later than its button.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

SPRITE = Path(__file__).parent / "static" / "site" / "icons.svg"
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def shapes() -> dict[str, str]:
    """Return each icon's shapes as SVG text, by name."""
    root = ET.parse(SPRITE).getroot()  # noqa: S314 - our own file, part of the package
    found = {}
    for symbol in root.iter(f"{_SVG}symbol"):
        inside = "".join(ET.tostring(child, encoding="unicode") for child in symbol)
        found[symbol.attrib["id"]] = (
            inside.replace(' xmlns:ns0="http://www.w3.org/2000/svg"', "")
            .replace("ns0:", "")
            .strip()
        )
    return found
