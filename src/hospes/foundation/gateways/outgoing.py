"""The one way out over HTTPS to an address that somebody else chose.

Such an address may try to reach into the provider's own network (server-side request forgery). So
the name is resolved once, every address must be a public one, and the connection goes to exactly
those; nothing is followed, and time and size have limits.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HTTPS_PORT = 443
SECONDS = 10.0
LONGEST_ANSWER = 64 * 1024
# Addresses that lead to others: NAT64, 6to4, Teredo. No service on the web is reached by them.
_DETOURS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
_TEREDO = ipaddress.ip_network("2001::/32")


class Forbidden(Exception):
    """The address must not be asked at all."""


class Unreachable(Exception):
    """No answer came, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``headers`` in lower case, ``body`` cut to the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Sent:
    method: str
    target: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in (*_DETOURS, _TEREDO)) or ip.is_site_local:
            return False
    return ip.is_global and not (
        ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
    )


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Open a connection to an address."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Sends requests. The parts can be exchanged, the rules cannot."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    connect: Callable[[str, int, float], socket.socket] = connect
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)
    seconds: float = SECONDS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` to ``url``.

        Raises:
            Forbidden: the address is not one that may be asked.
            Unreachable: there was no answer in time.

        """
        return self._send("POST", url, body, headers)

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Fetch ``url``; what is longer than ``LONGEST_ANSWER`` comes cut.

        Raises:
            Forbidden: the address is not one that may be asked.
            Unreachable: there was no answer in time.

        """
        return self._send("GET", url, b"", headers)

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        host, target = _parts(url)
        ends = time.monotonic() + self.seconds
        try:
            addresses = self.resolve(host, HTTPS_PORT)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{host} is not known: {error}") from error
        if not addresses or not all(map(is_public, addresses)):
            raise Forbidden(f"{host} leads to an address that is not public")
        sent = _Sent(method, target, body, headers)
        try:
            return self._ask(host, self._first(addresses, ends), sent, ends)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"{host}: {type(error).__name__}") from error

    def _ask(self, host: str, plain: socket.socket, sent: _Sent, ends: float) -> Answer:
        # Each read has a limit of its own; one that gets a byte now and then has this one.
        open_ones = [plain]
        watch = threading.Timer(max(0.0, ends - time.monotonic()), _cut, (open_ones,))
        watch.daemon = True
        watch.start()
        try:
            encrypted = self.tls().wrap_socket(plain, server_hostname=host)
            # It has taken the connection over.
            open_ones[0] = encrypted
            connection = http.client.HTTPConnection(host, HTTPS_PORT)
            connection.sock = encrypted
            headers = {**sent.headers, "Host": host}
            connection.request(sent.method, sent.target, sent.body or None, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            content = answer.read(LONGEST_ANSWER)
            if time.monotonic() >= ends:
                # Cut off: what was read may look whole and is not.
                raise TimeoutError
            return Answer(answer.status, found, content)
        finally:
            watch.cancel()
            open_ones[0].close()

    def _first(self, addresses: Sequence[str], ends: float) -> socket.socket:
        last: OSError = OSError("no address")
        for address in addresses:
            left = ends - time.monotonic()
            if left <= 0:
                break
            try:
                return self.connect(address, HTTPS_PORT, left)
            except OSError as error:
                last = error
        raise last


def _cut(open_ones: list[socket.socket]) -> None:
    with contextlib.suppress(OSError):
        # The plain socket's own way: whoever reads sees the end, and no half-closed TLS.
        socket.socket.shutdown(open_ones[0], socket.SHUT_RDWR)


def _parts(url: str) -> tuple[str, str]:
    """Return host and target of an address that may be asked at all."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("not an address") from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if (
        not plain
        or parts.scheme != "https"
        or not parts.hostname
        or "@" in parts.netloc
        or port not in {None, HTTPS_PORT}
    ):
        raise Forbidden("only https without user and port is asked")
    target = parts.path or "/"
    return parts.hostname, f"{target}?{parts.query}" if parts.query else target
