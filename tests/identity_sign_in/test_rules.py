from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.identity.domain import addresses, lifetimes, remembered, throttling

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LIMITS = lifetimes.Lifetimes(idle=timedelta(days=14), absolute=timedelta(days=90))


@pytest.mark.parametrize(
    ("created", "seen", "live"),
    [(0, 0, True), (89, 13, True), (13, 14, False), (90, 0, False), (90.1, 1, False)],
)
def test_a_session_lives_by_both_limits(created, seen, live):
    assert (
        lifetimes.is_live(
            created_at=NOW - timedelta(days=created),
            last_seen_at=NOW - timedelta(days=seen),
            now=NOW,
            by=LIMITS,
        )
        is live
    )


@pytest.mark.parametrize(
    "good", ["a@b.ch", "anna.meier+x@mail.customer.example", "o'neill@x.example", "jörg@müller.de"]
)
def test_plausible_addresses(good):
    assert addresses.is_plausible(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@",
        "@b.ch",
        "a@b",
        "a b@c.ch",
        "a@b..ch",
        "a@.ch",
        "a@b.c",
        "a@b.ch\n",
        "a@b@c.ch",
        "<a@b.ch>",
        "a@b.ch, c@d.ch",
        "a@b.ch/x",
        f"{'a' * 65}@b.ch",
        f"a@{'b' * 250}.ch",
        "a\u202e@b.ch",
        "a@b.ch?cc=c@d.ch",
    ],
)
def test_implausible_addresses(bad):
    assert not addresses.is_plausible(bad)


@given(st.text(max_size=80))
def test_normalising_twice_is_normalising_once(text):
    once = addresses.normalise(text)
    assert addresses.normalise(once) == once or not addresses.is_plausible(once)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (61, 2), (900, 15)])
def test_waiting_is_told_in_whole_minutes(seconds, minutes):
    assert throttling.minutes_to_wait(seconds) == minutes


def test_a_known_device_counts_apart_from_strangers():
    keys = {throttling.account_key("a@b.ch", device) for device in ("", "device:1", "device:2")}
    assert len(keys) == 3


PEOPLE = st.builds(
    remembered.Remembered,
    public_id=st.uuids().map(str),
    email=st.text(min_size=1, max_size=254).filter(lambda t: t.isprintable()),
    name=st.text(max_size=257).filter(lambda t: t.isprintable()),
)


@given(st.lists(PEOPLE, max_size=14))
def test_a_device_keeps_the_last_ones_used_and_always_fits_into_a_cookie(people):
    device = remembered.Device("d")
    for person in people:
        device = device.remember(person, most=10)
        assert device.accounts[0].public_id == person.public_id
    assert len(device.accounts) <= 10
    assert len(device.accounts) <= 1 or len(remembered.dump(device)) <= remembered.MOST_BYTES
    assert len({item.public_id for item in device.accounts}) == len(device.accounts)
    assert remembered.load(remembered.dump(device)) == device


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data):
    with pytest.raises(ValueError, match="remembered"):
        remembered.load(data)


def test_a_bomb_of_zeros_is_refused():
    import zlib

    with pytest.raises(ValueError, match="remembered"):
        remembered.load(zlib.compress(b"[" + b"0" * 50_000_000, 9))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:0001:0002::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.10", "192.0.2.11", False),
        ("", "192.0.2.11", False),
        ("no address", "no address", True),
    ],
)
def test_a_network_is_an_address_of_version_4_or_a_64_of_version_6(one, other, same):
    assert (throttling.network_key(one) == throttling.network_key(other)) is same
    assert bool(throttling.network_key(one)) is bool(one)
