from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hospes.foundation import counters
from hospes.foundation.counters.memory import Memory
from hospes.foundation.counters.shared import Shared
from support.racing import race

MINUTE = timedelta(minutes=1)
WINDOW = 60_000_000


@pytest.fixture(params=["memory", "redis"])
def store(request):
    """The hits in memory and in Redis, one after the other."""
    if request.param == "memory":
        made = Memory()
        counters.use(made)
        yield made
        return
    url = request.getfixturevalue("redis")
    made = Shared(url, fallback=Memory(), monotonic=lambda: 0.0)
    made._client.flushdb()
    counters.use(made)
    yield made
    made._client.close()


def hit(limit=3, key="someone"):
    return counters.hit("tests.hit", key, limit=limit, window=MINUTE)


def test_as_many_as_the_limit_are_allowed(store):
    results = [hit() for _ in range(5)]
    assert [result.allowed for result in results] == [True, True, True, False, False]
    assert [result.count for result in results] == [1, 2, 3, 3, 3]
    assert [result.retry_after for result in results[:3]] == [0, 0, 0]
    assert 59 <= results[3].retry_after <= 60
    assert counters.count("tests.hit", "someone", MINUTE) == 3


def test_the_window_slides(store, clock):
    hit()
    clock.move(timedelta(seconds=30))
    hit()
    hit()
    refused = hit()
    assert not refused.allowed
    assert 29 <= refused.retry_after <= 30
    clock.move(timedelta(seconds=30))
    assert hit().allowed
    assert not hit().allowed
    assert counters.count("tests.hit", "someone", MINUTE) == 3


def test_the_promise_of_retry_after_is_kept(store, clock):
    for _ in range(3):
        hit()
        clock.move(timedelta(seconds=7))
    refused = hit()
    assert not refused.allowed
    clock.move(timedelta(seconds=refused.retry_after))
    assert hit().allowed


def test_a_refused_hit_does_not_prolong_the_pause(store, clock):
    for _ in range(3):
        hit()
    for _ in range(30):
        clock.move(timedelta(seconds=1))
        assert not hit().allowed
    clock.move(timedelta(seconds=30))
    assert hit().allowed


def test_names_and_keys_are_counted_apart(store):
    hit(limit=1, key="a")
    assert hit(limit=1, key="b").allowed
    assert not hit(limit=1, key="a").allowed
    assert counters.hit("tests.other", "a", limit=1, window=MINUTE).allowed


def test_cleared_hits_are_forgotten(store):
    hit(limit=1)
    counters.clear("tests.hit", "someone")
    assert counters.count("tests.hit", "someone", MINUTE) == 0
    assert hit(limit=1).allowed


def test_a_limit_of_nothing_allows_nothing(store):
    assert not hit(limit=0).allowed
    assert counters.count("tests.hit", "someone", MINUTE) == 0


def test_a_lower_limit_counts_what_is_there_already(store, clock):
    for _ in range(5):
        hit(limit=5)
        clock.move(timedelta(seconds=10))
    refused = hit(limit=2)
    # Three have to leave; the third of them came 30 s ago.
    assert not refused.allowed
    assert 39 <= refused.retry_after <= 40


def test_the_last_microsecond_counts_and_the_next_does_not(store):
    now = 1_900_000_000_123_457
    assert store.hit("tests.hit", "edge", 1, WINDOW, now).allowed
    assert not store.hit("tests.hit", "edge", 1, WINDOW, now + WINDOW - 1).allowed
    assert store.count("tests.hit", "edge", WINDOW, now + WINDOW - 1) == 1
    assert store.count("tests.hit", "edge", WINDOW, now + WINDOW) == 0
    assert store.hit("tests.hit", "edge", 1, WINDOW, now + WINDOW).allowed


def test_of_many_at_once_exactly_the_limit_get_through(store):
    hit(limit=25)
    results = race(lambda _: [hit(limit=25).allowed for _ in range(10)], threads=8)
    assert sum(sum(allowed) for allowed in results) == 24, results
    assert counters.count("tests.hit", "someone", MINUTE) == 25


def test_a_clock_that_steps_back_lets_nobody_in_early(store):
    now = 1_900_000_000_000_000
    assert store.hit("tests.hit", "back", 2, WINDOW, now).allowed
    assert store.hit("tests.hit", "back", 2, WINDOW, now - 5_000_000).allowed
    assert not store.hit("tests.hit", "back", 2, WINDOW, now + WINDOW - 1).allowed


@settings(max_examples=60, deadline=None)
@given(
    st.integers(min_value=1, max_value=4),
    st.lists(st.integers(min_value=0, max_value=40), min_size=1, max_size=40),
)
def test_no_window_ever_holds_more_than_the_limit_and_none_is_refused_below_it(limit, steps):
    check_against_the_rule(Memory(), "x", limit, steps)


def test_redis_keeps_the_same_rule(redis):
    store = Shared(redis, fallback=Memory(), monotonic=lambda: 0.0)
    store._client.flushdb()
    number = iter(range(10_000))

    @settings(max_examples=30, deadline=None)
    @given(
        st.integers(min_value=1, max_value=4),
        st.lists(st.integers(min_value=0, max_value=40), min_size=1, max_size=25),
    )
    def check(limit, steps):
        check_against_the_rule(store, f"key-{next(number)}", limit, steps)

    check()
    store._client.close()


def check_against_the_rule(store, key, limit, steps):
    window, now, allowed = 100_000_000, 1_900_000_000_000_000, []
    for step in steps:
        now += step * 1_000_000
        within = [time for time in allowed if time > now - window]
        answer = store.hit("tests.rule", key, limit, window, now)
        assert answer.allowed == (len(within) < limit)
        if answer.allowed:
            allowed.append(now)
        assert answer.count == len([time for time in allowed if time > now - window])
        assert answer.count <= limit
        assert store.count("tests.rule", key, window, now) == answer.count


def test_keys_without_end_do_not_fill_the_memory():
    store = Memory()
    for number in range(5000):
        store.hit("tests.hit", str(number), 1, WINDOW, number * WINDOW)
    assert len(store) < 2100


def test_the_database_of_hits_learns_no_address(redis):
    import redis as driver

    client = driver.Redis.from_url(redis)
    client.flushdb()
    store = Shared(redis, fallback=Memory(), monotonic=lambda: 0.0, client=client)
    store.hit("tests.hit", "ada@customer.example", 1, WINDOW, 1_900_000_000_000_000)
    names = [name.decode() for name in client.scan_iter()]
    assert len(names) == 1
    assert "ada" not in names[0]
    assert 0 < client.pttl(names[0]) <= 61_000
    client.close()


def test_without_redis_each_process_counts_for_itself_and_asks_again_later():
    class Broken:
        asked = 0

        def register_script(self, _script):
            return self.fail

        def fail(self, *_args, **_options):
            import redis

            self.asked += 1
            raise redis.ConnectionError

        zcount = delete = fail

    broken, time = Broken(), [0.0]
    store = Shared("redis://x", fallback=Memory(), monotonic=lambda: time[0], client=broken)
    now = 1_900_000_000_000_000
    assert [store.hit("n", "k", 2, WINDOW, now).allowed for _ in range(3)] == [True, True, False]
    assert store.count("n", "k", WINDOW, now) == 2
    assert broken.asked == 1
    time[0] = 6.0
    assert not store.hit("n", "k", 2, WINDOW, now).allowed
    assert broken.asked == 2
    store.clear("n", "k")
    assert store.hit("n", "k", 2, WINDOW, now).allowed


def test_redis_is_chosen_where_it_is_configured(settings_with, redis):
    settings_with(redis_url=redis)
    counters.forget()
    assert counters.hit("tests.chosen", "k", limit=1, window=MINUTE).count >= 0
    assert isinstance(counters._store, Shared)
    counters._store._client.flushdb()
    counters._store._client.close()


def test_memory_is_chosen_otherwise():
    counters.forget()
    hit()
    assert isinstance(counters._store, Memory)
