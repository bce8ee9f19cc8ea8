"""The installation's own keys, made at first start and kept in files of mode 0600."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """``key_encryption_keys`` maps a key's name to its 32 bytes; the last one seals."""

    django_secret: str
    key_encryption_keys: dict[str, bytes]


def _write_private(path: Path, text: str) -> None:
    # Created with its final mode, then renamed: no moment at which others could read it.
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _fresh() -> dict[str, object]:
    return {
        "django_secret": secrets.token_urlsafe(50),
        "key_encryption_keys": {"k1": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()},
    }


def load(data_dir: Path) -> Keys:
    """Return the keys in ``data_dir``/keys.json, making them where there are none."""
    path = data_dir / "keys.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(path, json.dumps(_fresh(), indent=2))
    content = json.loads(path.read_text("ascii"))
    return Keys(
        django_secret=content["django_secret"],
        key_encryption_keys={
            name: base64.b64decode(value)
            for name, value in content["key_encryption_keys"].items()
        },
    )


def add_key_encryption_key(data_dir: Path) -> str:
    """Add a key that seals from now on (older ones still open) and return its name."""
    path = data_dir / "keys.json"
    load(data_dir)
    content = json.loads(path.read_text("ascii"))
    name = f"k{len(content['key_encryption_keys']) + 1}"
    content["key_encryption_keys"][name] = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    _write_private(path, json.dumps(content, indent=2))
    return name
