"""When the client sends a request again, and what it never does."""

from __future__ import annotations

import httpx
import pytest

from hospes.client import ApiError, Client, TaskFailed, TaskTimeout, caller

GOOD = {"result": "success", "data": [1]}
BUSY = {"result": "error", "error": {"code": "too_many_request", "description": "Wait."}}


class Clock:
    """Time that only sleeping moves."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time(monkeypatch):
    found = Clock()
    for name in ("monotonic", "sleep"):
        monkeypatch.setattr(f"hospes.client.caller.time.{name}", getattr(found, name))
    return found


class Wire:
    """Answers what a test wrote down, and keeps what was sent."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def __call__(self, request):
        self.sent.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json=GOOD)
        if isinstance(answer, Exception):
            raise answer
        return answer


def connect(wire, **options):
    transport = httpx.MockTransport(wire)
    return Client("https://my.provider.example", "secret", transport=transport, **options)


def busy(status=429, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=BUSY, headers=named)


def test_retry_after_is_waited_for(time):
    wire = Wire(busy(Retry_After="7"))

    assert connect(wire).get("/1/accounts") == [1]
    assert time.slept == [7.0]
    assert [str(each.url) for each in wire.sent] == [
        "https://my.provider.example/api/1/accounts"
    ] * 2


def test_more_than_the_patience_is_not_waited_for(time):
    wire = Wire(busy(Retry_After="7"), busy(Retry_After="7"), busy(Retry_After="7"))

    with pytest.raises(ApiError) as refused:
        connect(wire, longest_wait=15).get("/1/accounts")

    assert refused.value.code == "too_many_request"
    assert (time.slept, len(wire.sent)) == ([7.0, 7.0], 3)


def test_it_is_not_tried_for_ever(time):
    wire = Wire(*[busy(503, Retry_After="0")] * 50)

    with pytest.raises(ApiError):
        connect(wire).get("/1/accounts")

    assert len(wire.sent) == caller.TRIES


def test_nothing_is_sent_before_the_limit_lets_it(time):
    used_up = httpx.Response(200, json=GOOD, headers={"RateLimit": '"token";r=0;t=12'})
    left = httpx.Response(200, json=GOOD, headers={"RateLimit": '"token";r=3;t=12'})
    client = connect(Wire(left, used_up))

    client.get("/1/accounts")
    client.get("/1/accounts")
    assert time.slept == []
    client.get("/1/accounts")
    assert time.slept == [12.0]


def test_a_limit_that_lies_far_off_is_not_slept_through(time):
    used_up = httpx.Response(200, json=GOOD, headers={"RateLimit": '"token";r=0;t=99999'})
    client = connect(Wire(used_up), longest_wait=5)

    client.get("/1/accounts")
    client.get("/1/accounts")

    assert time.slept == [5]


@pytest.mark.parametrize("method", ["post", "patch", "put", "delete"])
def test_a_write_is_sent_again_with_the_same_key(time, method):
    wire = Wire(httpx.ReadTimeout("gone"), busy(503))

    assert getattr(connect(wire), method)("/1/accounts", {"a": 1}) == [1]
    keys = {each.headers["idempotency-key"] for each in wire.sent}
    assert (len(wire.sent), len(keys)) == (3, 1)
    assert all(0 < each <= 30 for each in time.slept)


def test_two_writes_have_two_keys(time):
    wire = Wire()
    client = connect(wire)
    client.post("/1/accounts")
    client.post("/1/accounts")

    assert len({each.headers["idempotency-key"] for each in wire.sent}) == 2


def test_a_refusal_is_not_sent_again(time):
    wire = Wire(httpx.Response(422, json=BUSY))
    with pytest.raises(ApiError):
        connect(wire).post("/1/accounts")
    assert len(wire.sent) == 1


def test_the_token_goes_to_no_other_host(time):
    elsewhere = httpx.Response(307, headers={"Location": "https://thief.example/api/1/accounts"})
    wire = Wire(elsewhere)

    with pytest.raises(ApiError) as refused:
        connect(wire).get("/1/accounts")

    assert (refused.value.status, refused.value.code) == (307, "unreadable_answer")
    assert [each.url.host for each in wire.sent] == ["my.provider.example"]


@pytest.mark.parametrize("path", ["1/accounts", "//thief.example/1", "/1?a=b", "@thief.example"])
def test_a_path_names_no_host(time, path):
    wire = Wire()
    with pytest.raises(ValueError, match="not a path"):
        connect(wire).get(path)
    assert wire.sent == []


@pytest.mark.parametrize(
    "address",
    ["http://my.provider.example", "ftp://my.provider.example", "", "https://a:b@c.example"],
)
def test_an_address_that_would_give_the_token_away_is_refused(address):
    with pytest.raises(ValueError, match=r"clear|address"):
        Client(address, "secret")


def test_a_token_that_breaks_the_header_is_refused():
    for token in ("", "a\nb", "a b", "ä"):
        with pytest.raises(ValueError, match="token"):
            Client("https://my.provider.example", token)


def test_an_answer_of_something_else_is_told(time):
    wire = Wire(httpx.Response(200, text="<html>"), httpx.Response(200, json=[1]))
    for _ in range(2):
        with pytest.raises(ApiError) as refused:
            connect(wire).get("/1/accounts")
        assert refused.value.code == "unreadable_answer"


def test_words_of_the_query_are_sent_as_published(time):
    wire = Wire()
    connect(wire).get(
        "/1/x", with_=["a", "b"], filter_={"status": "on"}, dry_run=True, page=2, order=None
    )

    assert list(wire.sent[0].url.params.multi_items()) == [
        ("with[]", "a"),
        ("with[]", "b"),
        ("filter[status]", "on"),
        ("dry_run", "true"),
        ("page", "2"),
    ]


def task(status, **values):
    told = {"status": status, "response": None, "error": None, **values}
    return httpx.Response(200, json={"result": "success", "data": told})


def test_a_task_that_failed_says_why(time):
    error = {"code": "access_denied", "description": "No."}
    wire = Wire(task("spooled"), task("running"), task("failed", error=error))

    with pytest.raises(TaskFailed) as failed:
        connect(wire).wait("u")

    assert failed.value.code == "access_denied"
    assert len(time.slept) == 2


def test_a_task_is_not_waited_for_for_ever(time):
    wire = Wire(*[task("running") for _ in range(100)])

    with pytest.raises(TaskTimeout):
        connect(wire).wait("u", timeout=60)

    assert sum(time.slept) == pytest.approx(60)


def test_a_list_whose_server_repeats_no_cursor_ends(time):
    more = {"result": "success", "data": [2], "has_more": True, "cursor": None}
    assert list(connect(Wire(httpx.Response(200, json=more))).pages("/1/x")) == [[2]]
