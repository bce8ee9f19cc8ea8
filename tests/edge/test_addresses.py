from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.edge.addresses import client, parse

PROXIES = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "127.0.0.1/32", "2001:db8::/32")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", None),
        ("unknown", None),
        ("_hidden", None),
        ("192.0.2.256", None),
        ("[", None),
    ],
)
def test_an_address_is_read_in_every_form_proxies_write(text: str, expected: str | None) -> None:
    found = parse(text)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        # Nobody forwards: the peer it is.
        ("192.0.2.1", "", "192.0.2.1"),
        # A stranger claims to be somebody else.
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9, 10.0.0.1", "192.0.2.1"),
        # Through one proxy, through two.
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("127.0.0.1", "2001:db8::7, 10.1.1.1", "2001:db8::7"),
        # The client wrote the left part itself.
        ("10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "127.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        # Only proxies all the way: the farthest of them.
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        # Rubbish ends the walk.
        ("10.0.0.1", "1.2.3.4, rubbish", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9:51234", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        # A Unix socket has no address.
        ("", "203.0.113.9", ""),
    ],
)
def test_the_client_is_the_right_most_untrusted_address(
    peer: str, forwarded_for: str, expected: str
) -> None:
    assert client(peer, forwarded_for, PROXIES) == expected


@given(st.text(), st.lists(st.text() | st.ip_addresses().map(str)))
def test_an_untrusted_peer_is_itself_whatever_it_says(extra: str, chain: list[str]) -> None:
    assert client("192.0.2.1", ",".join([*chain, extra]), PROXIES) == "192.0.2.1"


@given(st.text(), st.text())
def test_any_text_gives_an_address_or_nothing(peer: str, forwarded_for: str) -> None:
    found = client(peer, forwarded_for, PROXIES)
    assert found == "" or ipaddress.ip_address(found)
