"""The Authenticator's files as one version: what belongs together is served together.

A version is named after everything in it. Its files live under that name, so that a page never
mixes modules of two versions, and a changed word is a new version like a changed line of code.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from hospes.identity.web import authenticator_texts
from hospes.site import icons
from hospes.site.templatetags.site import asset

ROOM = Path(__file__).resolve().parent.parent
FOLDER = ROOM / "static" / "authenticator"
PAGE = ROOM / "templates" / "identity" / "authenticator" / "app.html"
BASE = "/authenticator/"

# The sheets that the app is drawn with, the site's and its own, put together to one file in this
# order; dark.css, which follows the theme, stays apart.
SHEET = "app.css"
SHEETS = (
    "site/css/tokens.css",
    "site/css/base.css",
    "site/css/components.css",
    "site/css/content.css",
    "site/css/menus.css",
    "site/css/forms.css",
    "site/css/utilities.css",
    "authenticator/app.css",
    "authenticator/codes.css",
    "authenticator/flows.css",
)
# Not fetched with the page: the worker's own, and what only the camera's screen needs.
APART = frozenset(["boot.js", "worker.js", "screen_scan.js", "qr_find.js", "qr_decode.js"])
DARK = "site/css/dark.css"
PICTURES = {
    "icon": "authenticator/icon-192.png",
    "badge": "authenticator/badge.png",
}
# Icons that the modules draw; the template adds a few of its own.
ICONS = (
    "alert",
    "arrow-left",
    "bell",
    "check",
    "check-circle",
    "chevron-down",
    "chevron-right",
    "chevrons",
    "clock",
    "close",
    "copy",
    "device",
    "download",
    "external",
    "info",
    "link",
    "lock",
    "phone",
    "plus",
    "refresh",
    "settings",
    "shield",
    "trash",
)
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
}
VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class File:
    """One file, plain and compressed."""

    content: bytes
    compressed: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Build:
    """One version of the app: ``files`` by their names below its address."""

    version: str
    files: dict[str, File]

    @property
    def modules(self) -> list[str]:
        """Return the addresses of the page's modules, to be fetched all at once."""
        return [
            self.address(name) for name in self.files if name.endswith(".js") and name not in APART
        ]

    def address(self, name: str) -> str:
        """Return a file's address."""
        return f"{BASE}app/{self.version}/{name}"

    @property
    def stored(self) -> list[str]:
        """Return every address that the app needs without a network."""
        return [*map(self.address, self.files), *shared()]


def shared() -> list[str]:
    """Return the addresses of what the app uses of the site, and its pictures."""
    return [asset(name) for name in (DARK, "site/favicon.svg", *PICTURES.values())]


def _sheet() -> bytes:
    found = (finders.find(name) for name in SHEETS)
    return b"\n".join(Path(path).read_bytes() for path in found if path)


@cache
def build() -> Build:
    """Return the version that this process serves."""
    contents = {
        path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix == ".js"
    }
    contents[SHEET] = _sheet()
    for language in settings.HOSPES.languages:
        told = json.dumps(authenticator_texts.words(language), ensure_ascii=False, sort_keys=True)
        contents[f"texts/{language}.json"] = told.encode()
    digest = hashlib.sha256()
    around = [settings.HOSPES.provider_name, *shared(), *(icons.shapes()[name] for name in ICONS)]
    parts = [*contents.values(), PAGE.read_bytes()]
    parts += [text.encode() for text in (*contents, *around)]
    for part in parts:
        digest.update(part)
        digest.update(b"\0")
    files = {
        name: File(content, gzip.compress(content, 9, mtime=0), TYPES[Path(name).suffix])
        for name, content in contents.items()
    }
    return Build(digest.hexdigest()[:VERSION_LENGTH], files)
