"""Targets: what people and browsers send beside the protocol, and what the house reads back."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from urllib.parse import urlsplit

from PIL import Image

from hospes.edge import addresses
from hospes.identity.domain import names, remembered
from hospes.identity.domain import phones as numbers
from hospes.identity.gateways import pictures
from hospes.kit import csv_text, paths, sealing, useragents
from tools.fuzz_kit import Target, latin, need, split, text

MOST_BYTES = 1_000_000
MOST_LETTERS = 100


def spreadsheet(data: bytes) -> None:
    """Write cells that a stranger chose; no spreadsheet may take one for a formula."""
    chosen = text(data).split("\t")
    line = csv_text.line(chosen)
    row = next(csv.reader(io.StringIO(line, newline="")))
    need(row == [csv_text.cell(each) for each in chosen], "a cell becomes another")
    need(not any(each[:1] in tuple("=+-@\t\r") for each in row if each), "a formula")


def picture(data: bytes) -> None:
    """Decode an uploaded picture."""
    with suppress(pictures.PictureRefused):
        made = pictures.encode(data)
        need(set(made.files) == set(pictures.SIDES), "a size is missing")
        need(all(len(each) < MOST_BYTES for each in made.files.values()), "an endless picture")


def next_page(data: bytes) -> None:
    """Read where to go on; it stays here."""
    found = paths.safe_next(text(data), "/default")
    parts = urlsplit(found)
    need(not parts.scheme and not parts.netloc, "it leads away")
    need(found.startswith("/") and found[1:2] not in {"/", "\\"}, "browsers read another site")


def agent(data: bytes) -> None:
    """Read a ``User-Agent`` and ``Sec-CH-UA``."""
    first, second = split(data)
    label = useragents.parse(latin(first), latin(second)).label
    need(len(label) < MOST_LETTERS, "an endless label")


def far_end(data: bytes) -> None:
    """Read a forwarded address; from an untrusted peer it is not believed."""
    peer, forwarded = split(data)
    found = addresses.client(latin(peer), latin(forwarded), ())
    need(found == addresses.client(latin(peer), "", ()), "a stranger's header is believed")
    need(not found or addresses.parse(found) is not None, "not an address")


def people(data: bytes) -> None:
    """Read a name and a telephone number."""
    first, second = split(data)
    tidied = names.tidy(text(first))
    need(names.tidy(tidied) == tidied, "tidying twice changes more")
    names.fault(tidied)
    number = numbers.parse(text(second), "ch")
    need(not number or (number[0] == "+" and number[1:].isdigit()), "not E.164")


def device(data: bytes) -> None:
    """Read the cookie of remembered accounts, behind its seal."""
    with suppress(ValueError):
        found = remembered.load(data)
        again = remembered.load(remembered.dump(found))
        need(len(again.accounts) == len(found.accounts), "what was read is not read again")


def sealed(data: bytes) -> None:
    """Open a sealed value that nobody sealed."""
    with suppress(sealing.CannotOpen):
        sealing.open_sealed(latin(data), context="c", keys={"k": b"k" * 32})
        need(False, "a forged value opens")


def _pictures() -> tuple[bytes, ...]:
    """Return a small picture of each format."""
    made = []
    for kind in pictures.FORMATS:
        file = io.BytesIO()
        Image.new("RGB", (40, 40), (200, 10, 90)).save(file, kind)
        made.append(file.getvalue())
    return tuple(made)


def _sealed() -> bytes:
    """Return a value sealed with a key that the target does not have."""
    randomness = sealing.Randomness(b"d" * 32, b"n" * 12, b"v" * 12)
    return sealing.seal(
        b"value", context="c", key_name="k", key=b"o" * 32, randomness=randomness
    ).encode()


TARGETS: tuple[Target, ...] = (
    Target("spreadsheet", spreadsheet, (b'=1+1\t"a"; @b\t-1',)),
    Target("picture", picture, _pictures()),
    Target("next_page", next_page, (b"/settings?a=1#b", b"//evil.example", b"/\\evil.example")),
    Target(
        "agent",
        agent,
        (b'Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537\n"Brave";v="140"',),
    ),
    Target("far_end", far_end, (b"[::1]:80\n192.0.2.1, ::ffff:192.0.2.1",)),
    Target("people", people, (b"Anna\n+41 79 123 45 67", b"Ren\xc3\xa9\n0791234567")),
    Target("device", device, (remembered.dump(remembered.Device("d")),)),
    Target("sealed", sealed, (_sealed(),)),
)
