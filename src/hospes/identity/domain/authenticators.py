"""What people call the thing that keeps a passkey."""

from __future__ import annotations

# The identifiers that makers publish for theirs (AAGUID, W3C Web Authentication §6.5.1).
_NAMES = {
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "fdb141b2-5d84-443e-8a35-4698c205a502": "KeePassXC",
    "2fc0579f-8113-47ea-b116-bb5a8db9202a": "YubiKey 5",
    "cb69481e-8ff7-4039-93ec-0a2729a154a8": "YubiKey 5",
    "ee882879-721c-4913-9775-3dfcce97072a": "YubiKey 5",
}
# How a browser reaches it (§5.8.4); other words are not kept.
TRANSPORTS = ("ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb")
_PLUGGED_IN = frozenset({"ble", "nfc", "smart-card", "usb"})


def name_of(aaguid: str) -> str:
    """Return its maker's name for it, ``""`` where it does not say or is not known."""
    return _NAMES.get(aaguid.lower(), "")


def known_transports(values: object) -> list[str]:
    """Return those of a browser's words that have a meaning, each once."""
    if not isinstance(values, list):
        return []
    return [word for word in TRANSPORTS if word in values]


def is_security_key(transports: list[str]) -> bool:
    """Return whether it is plugged in or held to the device, and not a part of one."""
    return bool(transports) and set(transports) <= _PLUGGED_IN
