"""The file of ``hospes authenticator``: keys and tokens of linked accounts, for its owner alone."""

from __future__ import annotations

import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIVATE = 0o600
VERSION = 1


@dataclass(frozen=True, slots=True)
class Linked:
    """One account that this machine answers for. ``secret`` is base32, ``period`` in seconds."""

    issuer: str
    provider: str
    email: str
    name: str
    method: str
    token: str = field(repr=False)
    private_key: str = field(repr=False)
    secret: str = field(repr=False)
    digits: int
    period: int

    def key(self) -> ec.EllipticCurvePrivateKey:
        """Return the key that signs answers."""
        key = load_pem_private_key(self.private_key.encode("ascii"), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the key is not on a curve")
        return key


def new_key() -> tuple[ec.EllipticCurvePrivateKey, str]:
    """Return a new key, and the text it is kept as."""
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key, text.decode("ascii")


def default_path() -> Path:
    """Return where the file is unless told otherwise (XDG Base Directory)."""
    home = os.environ.get("XDG_CONFIG_HOME", "").strip()
    return (Path(home) if home else Path.home() / ".config") / "hospes" / "authenticator.json"


def load(path: Path) -> list[Linked]:
    """Return the linked accounts.

    Raises:
        CommandFault: others on this machine may read the file, or it is damaged.

    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return []
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CommandFault(
            f"{path} has mode {mode:04o}: others on this machine may read the keys.",
            (f"Run: chmod 600 {path}", "Whoever read it can approve sign-ins: link anew."),
        )
    try:
        return _read(path.read_text("utf-8"))
    except (ValueError, KeyError, TypeError):
        raise CommandFault(
            f"{path} is damaged.", ("Restore it, or move it away and link anew.",)
        ) from None


def _read(text: str) -> list[Linked]:
    content = json.loads(text)
    if content["version"] != VERSION:
        raise ValueError("written by another version")
    return [Linked(**entry) for entry in content["accounts"]]


def save(path: Path, accounts: Sequence[Linked]) -> None:
    """Write the file: created with its final mode, then put in the old one's place.

    Raises:
        CommandFault: it cannot be written.

    """
    content = {"version": VERSION, "accounts": [asdict(account) for account in accounts]}
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandFault(f"{path} cannot be written: {reason}.") from error
