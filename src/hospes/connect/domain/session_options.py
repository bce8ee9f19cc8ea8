"""Options of an application about devices, and about people who sign out, as its owner sets them.

They are kept among the options of RFC 7591; what a program set beside them stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hospes.connect.domain.links import is_plain_https, source_of
from hospes.kit.faults import Fault
from hospes.protocols.oauth import redirects
from hospes.protocols.oauth.grants.device import DEVICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hospes.protocols.oauth.options import ClientOptions


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """``device_grant``: it may sign devices in. Addresses are "" where there are none."""

    device_grant: bool = False
    backchannel_logout_uri: str = ""
    frontchannel_logout_uri: str = ""


NAMES = ("device_grant", "backchannel_logout_uri", "frontchannel_logout_uri")


def of(options: ClientOptions) -> SessionOptions:
    """Return what stands among the options of an application."""
    return SessionOptions(
        device_grant=DEVICE in options.further_grant_types,
        backchannel_logout_uri=options.backchannel_logout_uri,
        frontchannel_logout_uri=options.frontchannel_logout_uri,
    )


def put(chosen: SessionOptions, options: ClientOptions) -> ClientOptions:
    """Return ``options`` with these in the place of theirs."""
    others = tuple(each for each in options.further_grant_types if each != DEVICE)
    return replace(
        options,
        further_grant_types=(*others, DEVICE) if chosen.device_grant else others,
        backchannel_logout_uri=chosen.backchannel_logout_uri,
        frontchannel_logout_uri=chosen.frontchannel_logout_uri,
    )


def faults_of(chosen: SessionOptions, *, redirect_uris: Sequence[str]) -> list[Fault]:
    """Return what is wrong with the addresses that are told of sign-outs."""
    found = []
    back, front = chosen.backchannel_logout_uri, chosen.frontchannel_logout_uri
    if back:
        # Our own software asks it, nobody's browser.
        codes = _codes(back) or (() if is_plain_https(back) else ("https_only",))
        found += [Fault("backchannel_logout_uri", code) for code in codes]
    if front:
        # OpenID Connect Front-Channel Logout §2: a frame can see nothing of another site's.
        own = {source_of(uri) for uri in redirect_uris}
        codes = _codes(front) or (() if source_of(front) in own else ("other_site",))
        found += [Fault("frontchannel_logout_uri", code) for code in codes]
    return found


def _codes(uri: str) -> tuple[str, ...]:
    return tuple(code for code in redirects.faults(uri, "web") if code != "reserved_parameter")
