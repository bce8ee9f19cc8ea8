"""The place of an address: from the provider's file, and never in anybody's way."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from hospes.foundation.gateways import geoip
from support import mmdb

if TYPE_CHECKING:
    from collections.abc import Iterator

LAUSANNE = {
    "city": {"names": {"en": "Lausanne", "de": "Lausanne"}},
    "country": {"names": {"en": "Switzerland", "de": "Schweiz"}},
}
FRANCE = {"country": {"names": {"en": "France"}}}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "places.mmdb"
    path.write_bytes(mmdb.build({"203.0.113.0/24": LAUSANNE, "198.51.100.0/25": FRANCE}))
    use(monkeypatch, path)
    yield path
    geoip.close()


def use(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    monkeypatch.setattr(settings, "HOSPES", dataclasses.replace(settings.HOSPES, geoip_file=path))


@pytest.mark.parametrize(
    ("ip", "locale", "place"),
    [
        ("203.0.113.7", "en", "Lausanne, Switzerland"),
        ("203.0.113.7", "de", "Lausanne, Schweiz"),
        ("203.0.113.7", "it", "Lausanne, Switzerland"),
        ("198.51.100.1", "de", "France"),
        ("198.51.100.200", "en", ""),
        ("192.0.2.1", "en", ""),
        ("2001:db8::1", "en", ""),
        ("nonsense", "en", ""),
        ("", "en", ""),
    ],
)
@pytest.mark.usefixtures("file")
def test_the_place_of_an_address(ip: str, locale: str, place: str) -> None:
    assert geoip.place(ip, locale) == place


def test_without_a_file_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, None)
    assert geoip.place("203.0.113.7", "en") == ""


def test_a_file_that_was_replaced_is_read_anew(file: Path) -> None:
    assert geoip.place("203.0.113.7", "en") == "Lausanne, Switzerland"
    other = file.with_suffix(".new")
    other.write_bytes(mmdb.build({"203.0.113.0/24": FRANCE}))
    other.replace(file)
    assert geoip.place("203.0.113.7", "en") == "France"


def is_open(file: Path) -> bool:
    """Return whether this process holds the file open."""
    held = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return str(file) in {str(each.readlink()) for each in held}


def test_no_file_is_left_open(file: Path) -> None:
    assert geoip.place("203.0.113.7", "en") == "Lausanne, Switzerland"
    assert is_open(file)
    geoip.close()
    assert not is_open(file)
    assert geoip.place("203.0.113.7", "de") == "Lausanne, Schweiz"


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_damaged_or_missing_file_keeps_nobody_out(file: Path, content: Any) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
        os.utime(file, (1, 1))
    assert geoip.place("203.0.113.7", "en") == ""
