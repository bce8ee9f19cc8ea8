"""The way out over HTTPS: no address inside the house is reached, whatever its name."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from hospes.foundation.gateways import outgoing
from hospes.foundation.gateways.outgoing import Forbidden, Outgoing, Unreachable
from support.documents import Documents
from support.push_service import ADDRESS, HOST, PushService

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PUBLIC = "198.17.0.9"


class Net:
    """A name service and a wire that note what is asked of them."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.resolved: list[str] = []
        self.connected: list[str] = []

    def client(self) -> Outgoing:
        return Outgoing(resolve=self.resolve, connect=self.connect)

    def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.resolved.append(host)
        return self.addresses

    def connect(self, address: str, _port: int, _seconds: float) -> socket.socket:
        self.connected.append(address)
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1",  # noqa: S104 - refused "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.0.1", "::", "::1", "fe80::1", "fc00::1", "fd12::1",
        "ff02::1", "2001:db8::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001::1",
        "64:ff9b:1::1", "not an address", "", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_not_connected_to(address: str) -> None:
    net = Net(address)
    with pytest.raises(Forbidden):
        net.client().post("https://push.example/x", b"", {})
    assert net.connected == []


@pytest.mark.parametrize("address", [PUBLIC, "8.8.4.4", "2606:4700::1111", "::ffff:8.8.4.4"])
def test_a_public_address_is_connected_to_by_its_number(address: str) -> None:
    net = Net(address)
    with pytest.raises(Unreachable):
        net.client().post("https://push.example/x", b"", {})
    assert (net.resolved, net.connected) == (["push.example"], [address])


def test_one_private_address_among_public_ones_forbids_all() -> None:
    net = Net(PUBLIC, "10.0.0.1")
    with pytest.raises(Forbidden):
        net.client().post("https://push.example/x", b"", {})
    assert net.connected == []


def test_the_next_address_is_tried_and_the_name_asked_once() -> None:
    net = Net(PUBLIC, "8.8.4.4")
    with pytest.raises(Unreachable):
        net.client().post("https://push.example/x", b"", {})
    assert (net.resolved, net.connected) == (["push.example"], [PUBLIC, "8.8.4.4"])


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/x", "ftp://push.example/", "file:///etc/passwd", "push.example/x",
        "https://push.example:8443/x", "https://push.example:22/", "https://user@push.example/",
        "https://user:pass@push.example/", "https:///x", "https://", "https://push.example/a b",
        "https://push.example/\r\nX: y", "https://push.example:99999/", "https://[::1", "//x/y",
        "https://püsh.example/", "gopher://push.example/",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_not_even_resolved(url: str) -> None:
    net = Net(PUBLIC)
    with pytest.raises(Forbidden):
        net.client().post(url, b"", {})
    assert net.resolved == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "017700000001"])
def test_a_number_for_a_name_is_no_way_round(host: str) -> None:
    # As the system itself resolves it.
    client = Outgoing(connect=Net().connect)
    with pytest.raises((Forbidden, Unreachable)) as caught:
        client.post(f"https://{host}/", b"", {})
    if caught.type is Unreachable:
        assert "is not known" in str(caught.value)


def test_a_name_that_nobody_knows() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable):
        Outgoing(resolve=unknown).post("https://push.example/", b"", {})
    with pytest.raises(Forbidden):
        Outgoing(resolve=lambda _host, _port: []).post("https://push.example/", b"", {})


def test_the_certificate_must_be_the_names(tmp_path: Path) -> None:
    with PushService(tmp_path) as service:
        with pytest.raises(Unreachable):
            service.client().post("https://other.example/", b"", {})
        connect = service.client().connect
        plain = Outgoing(resolve=lambda _host, _port: [ADDRESS], connect=connect)
        with pytest.raises(Unreachable):
            plain.post(f"https://{HOST}/", b"", {})
        assert service.received == []


def test_public_is_what_the_registries_gave_out() -> None:
    assert outgoing.is_public(PUBLIC)
    assert not outgoing.is_public("198.51.100.1")


def test_a_document_is_fetched_cut_at_the_limit_and_a_redirect_is_not_followed(
    tmp_path: Path,
) -> None:
    with Documents(tmp_path) as documents:
        url = documents.put("/keys?set=1", {"keys": []})
        documents.put("/long", b"x" * (outgoing.LONGEST_ANSWER + 5))
        documents.moved["/moved"] = url
        client = documents.client()
        answer = client.get(url, {"Accept": "application/json"})
        assert (answer.status, answer.body) == (200, b'{"keys": []}')
        cut = client.get(url.replace("/keys?set=1", "/long"), {})
        assert len(cut.body) == outgoing.LONGEST_ANSWER
        assert client.get(url.replace("/keys?set=1", "/moved"), {}).status == 302
        assert documents.asked == ["/keys?set=1", "/long", "/moved"]
        inside = documents.client(addresses=("10.0.0.1",))
        with pytest.raises(Forbidden):
            inside.get(url, {})
        assert len(documents.asked) == 3
