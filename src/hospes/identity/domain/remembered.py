"""The accounts a device remembers, as the value of its cookie."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace

# What goes into the sealed cookie; browsers drop cookies beyond 4096 bytes.
MOST_BYTES = 2400
LONGEST_NAME = 80
LONGEST_JSON = 60_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """An account as it was when it last signed in here: nothing newer is ever shown."""

    public_id: str
    email: str
    name: str

    @property
    def initials(self) -> str:
        """Return one or two letters to draw."""
        words = self.name.split()
        letters = words[0][:1] + words[-1][:1] if len(words) > 1 else self.name[:1]
        return (letters or self.email[:1]).upper()


@dataclass(frozen=True, slots=True)
class Device:
    """A device's list, last used first. ``device_id`` is random and names nobody."""

    device_id: str
    accounts: tuple[Remembered, ...] = ()

    def find(self, public_id: str) -> Remembered | None:
        """Return the remembered account, if it is one."""
        return next((item for item in self.accounts if item.public_id == public_id), None)

    def find_email(self, email: str) -> Remembered | None:
        """Return the account remembered under this address."""
        return next((item for item in self.accounts if item.email == email), None)

    def remember(self, account: Remembered, *, most: int) -> Device:
        """Return the list with ``account`` first, and no more than ``most``, or than fit."""
        short = replace(account, name=account.name[:LONGEST_NAME])
        others = (item for item in self.accounts if item.public_id != account.public_id)
        device = replace(self, accounts=(short, *others)[:most])
        while len(device.accounts) > 1 and len(dump(device)) > MOST_BYTES:
            device = replace(device, accounts=device.accounts[:-1])
        return device

    def forget(self, public_id: str) -> Device:
        """Return the list without this account."""
        return replace(
            self, accounts=tuple(item for item in self.accounts if item.public_id != public_id)
        )


def dump(device: Device) -> bytes:
    """Return the list as bytes to seal."""
    rows = [[item.public_id, item.email, item.name] for item in device.accounts]
    text = json.dumps([device.device_id, rows], separators=(",", ":"), ensure_ascii=False)
    return zlib.compress(text.encode("utf-8", "replace"), 9)


def load(data: bytes) -> Device:
    """Return the list out of opened bytes.

    Raises:
        ValueError: for bytes that ``dump`` did not make.

    """
    try:
        text = zlib.decompressobj().decompress(data, LONGEST_JSON)
        device_id, rows = json.loads(text)
        return Device(
            device_id=str(device_id),
            accounts=tuple(Remembered(str(a), str(b), str(c)) for a, b, c in rows),
        )
    except (zlib.error, TypeError, ValueError) as error:
        raise ValueError("not a list of remembered accounts") from error
