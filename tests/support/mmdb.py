"""Small files in the MaxMind DB format 2.0, written here so that none has to be fetched."""

from __future__ import annotations

import ipaddress
from typing import Any

_NODE = 3


def _encoded(value: Any) -> bytes:
    if isinstance(value, str):
        data = value.encode()
        return _control(2, len(data)) + data
    if isinstance(value, dict):
        parts = b"".join(_encoded(key) + _encoded(item) for key, item in value.items())
        return _control(7, len(value)) + parts
    if isinstance(value, list):
        # An extended type: 7 + 4 = array.
        return bytes([len(value), 4]) + b"".join(map(_encoded, value))
    data = value.to_bytes(4, "big").lstrip(b"\0")
    return _control(6, len(data)) + data


def _control(kind: int, size: int) -> bytes:
    if size < 29:
        return bytes([kind << 5 | size])
    return bytes([kind << 5 | 29, size - 29])


def build(networks: dict[str, Any]) -> bytes:
    """Return a database of IPv4 networks."""
    nodes: list[list[int | None]] = [[None, None]]
    data = b""
    leaves: dict[tuple[int, int], int] = {}
    for text, record in networks.items():
        network = ipaddress.ip_network(text)
        bits = f"{int(network.network_address):032b}"[: network.prefixlen]
        at = 0
        for bit in map(int, bits[:-1]):
            following = nodes[at][bit]
            if following is None:
                nodes.append([None, None])
                following = nodes[at][bit] = len(nodes) - 1
            at = following
        leaves[at, int(bits[-1])] = len(data)
        data += _encoded(record)
    count = len(nodes)
    tree = b""
    for number, node in enumerate(nodes):
        for side in (0, 1):
            offset = leaves.get((number, side))
            following = node[side]
            if offset is not None:
                value = count + 16 + offset
            else:
                value = count if following is None else following
            tree += value.to_bytes(_NODE, "big")
    about = {
        "node_count": count,
        "record_size": 24,
        "ip_version": 4,
        "database_type": "Hospes-Test-City",
        "languages": ["en", "de"],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1_800_000_000,
        "description": {"en": "made by a test"},
    }
    return tree + b"\0" * 16 + data + b"\xab\xcd\xefMaxMind.com" + _encoded(about)
