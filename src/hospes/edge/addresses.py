"""Whose request it is: the client's address behind trusted proxies."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


# The same few proxies and clients come again and again.
@lru_cache(maxsize=4096)
def parse(text: str) -> Address | None:
    """Return the address in ``text``, which may carry a port or brackets; ``None`` if none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def trusted(address: Address, proxies: Sequence[Network]) -> bool:
    """Return whether ``address`` lies in one of the networks."""
    return any(address in network for network in proxies)


def client(peer: str, forwarded_for: str, proxies: Sequence[Network]) -> str:
    """Return the right-most address that is not a trusted proxy's, ``""`` if nothing is known.

    Everything left of it was written by whoever sent the request and proves nothing. An entry
    that is no address ends the walk at the proxy that let it through.
    """
    current = parse(peer)
    if current is None:
        return ""
    if not proxies:
        return str(current)
    for entry in reversed(forwarded_for.split(",")):
        if not trusted(current, proxies):
            break
        before = parse(entry)
        if before is None:
            break
        current = before
    return str(current)


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """Return what requests of one customer are counted on: an IPv4 address, or an IPv6 /64.

    RFC 6177: an access provider gives each customer all of it.
    """
    known = parse(address)
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known.packed, 64), strict=False))
    return address
