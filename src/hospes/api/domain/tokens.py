"""What an API token may be like, and what is wrong with one that may not."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.kit.faults import Fault
from hospes.kit.visible import has_hidden, is_blank

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_NAME = 100
MOST_NETWORKS = 20
MOST_PRODUCTS = 500
DAY = 86400
LONGEST_DAYS = 36500
"""A hundred years: whoever wants longer wants a token without an end."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A token as it is asked for. ``expires_at`` in seconds since 1970; None: no end."""

    name: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...] = ()
    expires_at: int | None = None


def split_networks(text: str) -> tuple[str, ...]:
    """Return what somebody typed, one network for each line, comma or space."""
    return tuple(text.replace(",", " ").split())


def tidy(draft: Draft) -> Draft:
    """Return the draft as it is kept: scopes sorted and once each, networks in one spelling."""
    return Draft(
        name=" ".join(draft.name.split()),
        scopes=tuple(sorted(set(draft.scopes))),
        networks=tuple(dict.fromkeys(_spelling(each) for each in draft.networks)),
        expires_at=draft.expires_at,
    )


def faults_of(draft: Draft, *, known_scopes: Collection[str], now: int) -> list[Fault]:
    """Return everything that is wrong with a tidied draft."""
    return [*_of_name(draft.name), *_of_scopes(draft, known_scopes), *_of_networks(draft.networks),
            *_of_end(draft.expires_at, now)]  # fmt: skip


def _of_name(name: str) -> list[Fault]:
    if is_blank(name):
        return [Fault("name", "required")]
    if len(name) > LONGEST_NAME:
        return [Fault("name", "too_long", {"limit": LONGEST_NAME})]
    return [Fault("name", "characters")] if has_hidden(name) else []


def _of_scopes(draft: Draft, known: Collection[str]) -> list[Fault]:
    if not draft.scopes:
        return [Fault("scopes", "required")]
    unknown = [scope for scope in draft.scopes if scope not in known]
    return [Fault("scopes", "unknown", {"values": sorted(known)})] if unknown else []


def _of_end(expires_at: int | None, now: int) -> list[Fault]:
    if expires_at is None:
        return []
    if expires_at <= now:
        return [Fault("expires_at", "past")]
    if expires_at > now + (LONGEST_DAYS + 1) * DAY:
        return [Fault("expires_at", "too_late")]
    return []


def _of_networks(networks: tuple[str, ...]) -> list[Fault]:
    if len(networks) > MOST_NETWORKS:
        return [Fault("networks", "too_many", {"limit": MOST_NETWORKS})]
    return [fault for each in networks if (fault := _of_network(each)) is not None]


def _of_network(text: str) -> Fault | None:
    told = {"network": text[:60]}
    try:
        meant = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return Fault("networks", "malformed", told)
    if str(meant) == text:
        return None
    # "192.0.2.7/24" is an address and a network at once: whoever wrote it decides which.
    return Fault("networks", "host_bits", {**told, "meant": str(meant)})


def _spelling(text: str) -> str:
    """Return a network as it is compared: an address alone is a network of one."""
    try:
        found = ipaddress.ip_network(text)
    except ValueError:
        return text
    if isinstance(found, ipaddress.IPv6Network) and found.prefixlen >= _MAPPED_BITS:
        mapped = found.network_address.ipv4_mapped
        if mapped is not None:
            return str(ipaddress.ip_network((mapped, found.prefixlen - _MAPPED_BITS)))
    return str(found)


_MAPPED_BITS = 96


def shown_network(text: str) -> str:
    """Return a kept network as people write it: a single address without its prefix."""
    found = ipaddress.ip_network(text)
    return str(found.network_address) if found.num_addresses == 1 else text


@dataclass(frozen=True, slots=True)
class Silence:
    """When silence ends a token, and from when its owner is told; seconds since 1970."""

    off_before: int
    warn_before: int


def silence(now: int, *, unused_days: int, warning_days: int) -> Silence:
    """Return the instants: a token last used at or before ``off_before`` is switched off."""
    warning = min(warning_days, unused_days - 1)
    return Silence(now - unused_days * DAY, now - (unused_days - warning) * DAY)
