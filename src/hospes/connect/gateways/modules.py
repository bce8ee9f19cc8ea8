"""The site modules that come with Hospes, and a site's own copy of one as a zip."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = Path(__file__).resolve().parents[2]
# In an installed package; in the sources, beside "src".
_PLACES: Final = (_PACKAGE / "connectors", _PACKAGE.parents[1] / "connectors")
# What a module fills its settings in with; see connectors/README.md.
SITE_FILE: Final = "hospes-connect-site.json"
FORMAT: Final = 1
# A zip of the same files is the same to the byte, whenever it is made.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o100644 << 16


class _Drain(io.RawIOBase):
    """Keeps what was written until it is taken, so that a zip is sent while it is made."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        """Say that this can be written to; it cannot be gone back in."""
        return True

    def write(self, data: object) -> int:
        """Keep ``data``."""
        before = len(self._kept)
        self._kept += memoryview(data).cast("B")  # type: ignore[arg-type] # bytes, as zipfile writes
        return len(self._kept) - before

    def take(self) -> bytes:
        """Return what was kept, once."""
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def find(module: str) -> Path | None:
    """Return the folder of ``module``, such as "wordpress/hospes-connect", if it is there."""
    if not module:
        return None
    return next((place / module for place in _PLACES if (place / module).is_dir()), None)


def site_file(*, issuer: str, client_id: str, provider: str) -> bytes:
    """Return the file that makes a module a site's own. It holds no secret: anybody may read it."""
    told = {"format": FORMAT, "issuer": issuer, "client_id": client_id, "provider": provider}
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def files(folder: Path, site: bytes, *, flat: bool = False) -> list[tuple[str, Path | bytes]]:
    """Return names in the zip with where their content is, in order.

    ``flat``: without the module's folder around them.
    """
    inside = "" if flat else f"{folder.name}/"
    found: list[tuple[str, Path | bytes]] = [
        (f"{inside}{path.relative_to(folder).as_posix()}", path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        # Left behind by editors and test runs; no module has such files.
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    return [*found, (f"{inside}{SITE_FILE}", site)]


def etag(found: list[tuple[str, Path | bytes]]) -> str:
    """Return what changes when anything in the zip does."""
    digest = hashlib.sha256()
    for name, content in found:
        data = content if isinstance(content, bytes) else content.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return f'"{digest.hexdigest()[:32]}"'


def stream(found: list[tuple[str, Path | bytes]]) -> Iterator[bytes]:
    """Yield the zip, file by file."""
    drain = _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found:
            about = zipfile.ZipInfo(name, _WHEN)
            about.external_attr = _READABLE
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, content if isinstance(content, bytes) else content.read_bytes())
            yield drain.take()
    yield drain.take()
