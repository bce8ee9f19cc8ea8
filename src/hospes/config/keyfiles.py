"""The installation's own keys, made at first start and kept in a file of mode 0600."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import secrets
import stat
from typing import TYPE_CHECKING, Any

from hospes.config.environment import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY_BYTES = 32
FILE_NAME = "keys.json"
VAPID = "vapid_private_key"
# The order of P-256's group (SP 800-186 §3.2.1.3): a private key is from 1 up to below it.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIVATE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Keys:
    """The keys, as the file has them now: a key added by another process is seen at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        content = _read(path)
        # Changing it would sign everybody's forms and cookies anew; it is read once.
        self.django_secret: str = content["django_secret"]
        # Push services know the installation by it (RFC 8292); a new one ends every subscription.
        self.vapid_private_key: bytes = base64.b64decode(content[VAPID])
        self._state = self._version()
        self._sealing_keys = _decoded(content)

    def _version(self) -> tuple[int, int]:
        facts = self._path.stat()
        return facts.st_ino, facts.st_mtime_ns

    @property
    def key_encryption_keys(self) -> dict[str, bytes]:
        """Return each key's name and its 32 bytes; the last one seals."""
        version = self._version()
        if version != self._state:
            self._sealing_keys = _decoded(_read(self._path))
            self._state = version
        return self._sealing_keys


def _decoded(content: dict[str, Any]) -> dict[str, bytes]:
    return {name: base64.b64decode(value) for name, value in content["key_encryption_keys"].items()}


@contextlib.contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    # Two processes that start at once must not make, or rotate, two sets of keys.
    descriptor = os.open(data_dir / f"{FILE_NAME}.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_private(path: Path, content: dict[str, Any]) -> None:
    # Created with its final mode, then renamed: no moment at which others could read it.
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _fresh_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _fresh_vapid() -> str:
    scalar = 1 + secrets.randbelow(P256_ORDER - 1)
    return base64.b64encode(scalar.to_bytes(KEY_BYTES, "big")).decode("ascii")


def _fresh() -> dict[str, Any]:
    return {
        "django_secret": secrets.token_urlsafe(50),
        "key_encryption_keys": {"k1": _fresh_key()},
        VAPID: _fresh_vapid(),
    }


def _refuse_readable_by_others(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        danger = f"{path} has mode {mode:04o}: others on this machine may read the keys."
        raise EnvironmentFault([f"{danger} Run: chmod 600 {path}"])


def _is_private_key(data: bytes) -> bool:
    return len(data) == KEY_BYTES and 0 < int.from_bytes(data, "big") < P256_ORDER


def _is_usable(content: Any) -> bool:
    if not isinstance(content, dict) or not isinstance(content.get("django_secret"), str):
        return False
    keys = content.get("key_encryption_keys")
    if not isinstance(keys, dict) or not keys:
        return False
    try:
        # Files of older versions have none yet.
        if VAPID in content and not _is_private_key(
            base64.b64decode(content[VAPID], validate=True)
        ):
            return False
        return all(
            len(base64.b64decode(value, validate=True)) == KEY_BYTES for value in keys.values()
        )
    except (TypeError, ValueError):
        return False


def _read(path: Path) -> dict[str, Any]:
    _refuse_readable_by_others(path)
    try:
        content = json.loads(path.read_text("ascii"))
    except ValueError:
        content = None
    if not _is_usable(content):
        remedy = "Restore it from a backup: without it nothing sealed in the database opens."
        raise EnvironmentFault([f"{path} cannot be read as the installation's keys. {remedy}"])
    return dict(content)


def _complete(data_dir: Path, path: Path) -> None:
    """Add the key that files of older versions lack."""
    with _alone(data_dir):
        content = _read(path)
        if VAPID not in content:
            _write_private(path, content | {VAPID: _fresh_vapid()})


def load(data_dir: Path) -> Keys:
    """Return the keys in ``data_dir``/keys.json, making them where there are none.

    Raises:
        EnvironmentFault: where the file is damaged, others may read it, or the folder cannot be
            made or written.

    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _alone(data_dir):
                if not path.exists():
                    _write_private(path, _fresh())
        elif VAPID not in _read(path):
            _complete(data_dir, path)
    except OSError as error:
        reason = error.strerror or str(error)
        told = f"HOSPES_DATA_DIR is {str(data_dir)!r}, which cannot be written: {reason.lower()}."
        raise EnvironmentFault([told]) from error
    return Keys(path)


def add_key_encryption_key(data_dir: Path) -> str:
    """Add a key that seals from now on (older ones still open) and return its name."""
    load(data_dir)
    path = data_dir / FILE_NAME
    with _alone(data_dir):
        content = _read(path)
        name = f"k{len(content['key_encryption_keys']) + 1}"
        content["key_encryption_keys"][name] = _fresh_key()
        _write_private(path, content)
    return name
