"""What a passkey is bound to: the site's name and its exact origin, out of its base address."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """W3C Web Authentication §4: the site's domain, and where its pages come from."""

    rp_id: str
    origin: str

    @property
    def usable(self) -> bool:
        """Return whether browsers make passkeys for it: a bare IP address is no domain."""
        try:
            ipaddress.ip_address(self.rp_id)
        except ValueError:
            return bool(self.rp_id)
        return False


def of(base_url: str) -> RelyingParty:
    """Return both as browsers write them (RFC 6454 §6.2: no usual port, small letters)."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, _USUAL_PORTS.get(parts.scheme)} else f":{parts.port}"
    return RelyingParty(rp_id=host, origin=f"{parts.scheme}://{shown}{port}")
