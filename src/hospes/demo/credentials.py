"""What the demo client signs in with, in a file only its owner may read.

Knows no Django: the demo client is a program of its own that stands for somebody else's site.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "demo-client.json"
CALLBACK_PATH = "/callback"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A registered application as its developer noted it down."""

    client_id: str
    client_secret: str


def read(data_dir: Path) -> Credentials | None:
    """Return what ``hospes demo`` registered; None before it did, or if the file is unusable."""
    try:
        content = json.loads((data_dir / FILE_NAME).read_text("utf-8"))
        return Credentials(str(content["client_id"]), str(content["client_secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(data_dir: Path, credentials: Credentials) -> None:
    """Store the credentials with mode 0600."""
    # Created with its final mode, then renamed: no moment at which others could read it.
    temporary = data_dir / f".{FILE_NAME}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(credentials), file)
    temporary.replace(data_dir / FILE_NAME)
