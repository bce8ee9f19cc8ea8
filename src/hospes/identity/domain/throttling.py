"""What many wrong passwords lead to."""

from __future__ import annotations

import hashlib
import ipaddress

# The counter of wrong passwords. Codes and push challenges count under names of their own, so
# that a flood of one locks nobody out of the others.
PASSWORD = "password"  # noqa: S105 - a counter's name
PASSWORD_NETWORK = "password.network"  # noqa: S105 - a counter's name

MINUTE = 60
# What one customer of an access provider is given (RFC 6177): all of it is one person's.
IPV6_PREFIX = 64


def account_key(email: str, device: str = "") -> str:
    """Return what failures are counted on: the address as typed, known or not.

    ``device`` names a browser the account has signed in on before: it has its own count, so that
    a stranger's guesses do not keep the owner out.
    """
    return hashlib.sha256(f"{email}\0{device}".encode("utf-8", "surrogatepass")).hexdigest()


def network_key(ip: str) -> str:
    """Return what a network's attempts are counted on: an IPv4 address, or an IPv6 /64."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if address.version == 4:  # noqa: PLR2004 - the protocol's name
        return ip
    return str(ipaddress.ip_network((address.packed, IPV6_PREFIX), strict=False))


def minutes_to_wait(seconds: int) -> int:
    """Return whole minutes, rounded up, at least one."""
    return max(1, -(-seconds // MINUTE))
