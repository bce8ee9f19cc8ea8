"""What a webhook may be told of, and which addresses it may have."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from hospes.kit.faults import Fault

# All but the organization's end: its webhooks end with it.
EVENTS = (
    "organizations.organization_created",
    "organizations.organization_changed",
    "organizations.two_step_required_changed",
    "organizations.member_joined",
    "organizations.member_role_changed",
    "organizations.member_left",
    "organizations.member_removed",
    "organizations.invitation_created",
    "organizations.invitation_accepted",
    "organizations.invitation_rejected",
    "organizations.invitation_cancelled",
    "organizations.team_created",
    "organizations.team_changed",
    "organizations.team_deleted",
    "organizations.team_members_changed",
    "organizations.grants_changed",
    "organizations.product_created",
    "organizations.product_changed",
)
TEST = "webhooks.test"
LONGEST_URL = 2000
LONGEST_DESCRIPTION = 100
_HTTPS_PORTS = frozenset({None, 443})


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form says of a webhook; no ``events`` are all of them, future ones too."""

    url: str
    description: str = ""
    events: tuple[str, ...] = ()


def tidy(draft: Draft) -> Draft:
    """Return the draft with its texts trimmed and its events in their order, each once."""
    chosen = set(draft.events)
    known = tuple(event for event in EVENTS if event in chosen)
    unknown = tuple(sorted(chosen - set(EVENTS)))
    return Draft(draft.url.strip(), " ".join(draft.description.split()), (*known, *unknown))


def faults_of(draft: Draft, *, loopback: bool) -> tuple[Fault, ...]:
    """Return everything that is wrong with a tidied draft.

    ``loopback``: whether plain http to this very machine will do, as in development.
    """
    faults = []
    code = address_fault(draft.url, loopback=loopback)
    if code:
        faults.append(Fault("url", code, {"limit": LONGEST_URL} if code == "too_long" else {}))
    if len(draft.description) > LONGEST_DESCRIPTION:
        faults.append(Fault("description", "too_long", {"limit": LONGEST_DESCRIPTION}))
    if not all(sign.isprintable() for sign in draft.description):
        faults.append(Fault("description", "characters"))
    if set(draft.events) - set(EVENTS):
        faults.append(Fault("events", "choose"))
    return tuple(faults)


def address_fault(url: str, *, loopback: bool) -> str:
    """Return what is wrong with an address in one word, "" for a right one.

    That a name leads to a public address is looked at whenever something is sent there.
    """
    if not url:
        return "required"
    if len(url) > LONGEST_URL:
        return "too_long"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "not_an_address"
    if loopback and is_loopback(url):
        return ""
    readable = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>')
    faults = (
        ("not_an_address", not host or not readable),
        ("https_only", parts.scheme != "https" or port not in _HTTPS_PORTS),
        ("no_user", "@" in parts.netloc),
        ("fragment", "#" in url),
        ("not_public", not _may_be_public(host or "")),
    )
    return next((code for code, wrong in faults if wrong), "")


def is_loopback(url: str) -> bool:
    """Return whether an address is plain http to this very machine, by number or as localhost."""
    try:
        parts = urlsplit(url)
        usable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        usable
        and parts.scheme == "http"
        and "@" not in parts.netloc
        and parts.hostname in {"127.0.0.1", "::1", "localhost"}
    )


def _may_be_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        # A name of one word is one of the local network.
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))


def wants(chosen: object, event: str) -> bool:
    """Return whether a webhook with these ``events`` (as stored) is told of ``event``."""
    return not chosen or (isinstance(chosen, list) and event in chosen)
