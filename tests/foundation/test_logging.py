from __future__ import annotations

import collections
import dataclasses
import io
import json
import logging as stdlib_logging
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.foundation import logging

SECRET = "Zk3vYq9sT2mXw7Lp5RbN8dGh4"
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@dataclasses.dataclass
class Command:
    email: str
    new_password: str
    note: str = ""


Pair = collections.namedtuple("Pair", "name client_secret")  # noqa: PYI024 - the kind under test


class Loud:
    def __str__(self):
        return f"Loud(password={SECRET})"


class Broken:
    def __str__(self):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "value",
    [
        {"password": SECRET},
        {"Password": SECRET},
        {"current_password": SECRET, "ok": 1},
        {"a": [{"b": ({"access_token": SECRET},)}]},
        {"client_secret": {"deep": [SECRET]}},
        {"Authorization": "Bearer x"},
        {"HTTP_COOKIE": "a=b"},
        {"code": "493021", "n": 1},
        {"code_verifier": "plain"},
        {"code_challenge": "plain"},
        {"backup-code": "plain"},
        {b"api_key": b"plain"},
        {"otp": 493021},
        {"pin": 1234},
        {"id_token": JWT},
        {"private_jwk_sealed": "plain"},
        {"x": Command("a@b.example", SECRET)},
        {"x": Pair("a", SECRET)},
        {"x": Loud()},
        {"x": {SECRET}},
        {"x": frozenset({SECRET})},
        {"x": SECRET.encode()},
        {"x": bytearray(SECRET.encode())},
        {"headers": [("Cookie", "a=b"), (b"Authorization", b"plain")]},
        [("password", "plain")],
        {SECRET: "as a key"},
        f"https://hospes.test/confirm?token={SECRET}&next=/",
        f"https://hospes.test/confirm/{SECRET}/",
        "GET /cb?code=493021&state=abc HTTP/1.1",
        "grant_type=authorization_code&code=493021&client_secret=plain",
        f"Authorization: Bearer {SECRET}",
        "authorization: Basic YTpi",
        "Cookie: session=plain; other=plain",
        "{'password': 'plain', 'n': 1}",
        '{"refresh_token": "plain"}',
        '{"password": "it\'s plain"}',
        "password = plain",
        f"a {JWT} in words",
        f"hex {HEX}",
        "hsp_pat_0123456789abcdefghijABCDEFGHIJ123456",
        "state=plain",
        "pin=1234",
        "{'code': 493021}",
        '{"code_verifier": "a \\"plain\\" one"}',
        "zKqBvYtRsWmXwLpRbNdGhAcEfKjUo without a digit",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA",
        "hs1.k1.AAAAAAAAAA.BBBBBBBBBB",
        "postgresql://hospes:plain@db.example/hospes",
        "smtp://us%20er:plain@mail.example",
        "-----BEGIN PRIVATE KEY-----\nplain\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nplain",
    ],
)
def test_no_secret_comes_through(value):
    text = json.dumps(logging.redact(value))
    for secret in (SECRET, HEX, JWT, "plain", "493021", "1234", "hunter2", "argon2id$v", "AAAA"):
        assert secret not in text
    assert logging.REMOVED in text


@pytest.mark.parametrize(
    "value",
    [
        {"status_code": 404, "path": "/settings/password", "plane": "page"},
        {"error_code": "invalid_grant", "token_type": "Bearer"},
        {"country_code": "CH", "attempts": 3, "ok": True, "none": None, "part": 0.5},
        {"task": "foundation.deliver_message", "job_id": 123456789},
        {"event": "sign_in_failed", "email": "ada@customer.example", "ip": "2001:db8::1"},
        {"user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
        {"error": "SMTPRecipientsRefused", "reason": "550 5.1.1 no such mailbox"},
        {"error": "AccountWithThatAddressIsNotFoundHere", "n": "test_that_a_thing_is_so_and_so"},
        "attempts=3 state-of-the-art status_code=200 lease = none",
        {"id": "3f0c7f0e-6f3b-4f0e-9d9e-0a1b2c3d4e5f"},
        'File "/usr/lib/python3/site-packages/django/core/handlers/base.py", line 197, in f',
        "2026-11-24T05:40:52.123456Z",
    ],
)
def test_what_helps_to_read_a_log_stays(value):
    assert logging.redact(value) == value


def test_what_cannot_be_shown_does_not_break_the_log():
    assert logging.redact({"x": Broken()}) == {"x": "[Broken]"}


def test_a_value_that_holds_itself_ends():
    loop = {"a": 1}
    loop["self"] = [loop]
    assert "[too deep]" in json.dumps(logging.redact(loop))


@pytest.mark.parametrize(
    "part",
    [
        "token", "token-", "a.", "eyJ-", "eyJa.", "hs1.", "hsp_", "bearer ", "a=", "a =", "'a':",
        "a:' ", "://a", "a://", "-----BEGIN ", "PRIVATE KEY-----", "cookie:", "password=", " ",
        "aA1-", "$argon2", '"', "'", "\\", "0a",
    ],
)  # fmt: skip
def test_no_text_takes_long(part):
    text = (part * 20_000)[:20_000]
    began = time.perf_counter()
    logging.redact_text(text + "!")
    logging.redact_text("'password': \"" + text)
    assert time.perf_counter() - began < 0.5


@given(st.binary(min_size=16, max_size=64))
def test_a_random_token_hardly_ever_comes_through(data):
    import base64
    import hashlib

    # Spread over the alphabet, as a token of chance is; Hypothesis likes zeros.
    token = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    assert logging.redact_text(f"/confirm/{token}/") == f"/confirm/{logging.REMOVED}/"


def test_very_long_texts_are_cut():
    assert len(logging.redact_text("word " * 100_000)) < 25_000


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text()
        | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
        max_leaves=20,
    )
)
def test_anything_at_all_can_be_logged(value):
    json.dumps(logging.redact({"password": SECRET, "value": value}))
    assert SECRET not in json.dumps(logging.redact({"a": [value, {"token": SECRET}]}))


@pytest.fixture
def output():
    """What is logged, while the logs are set up as in a server."""
    root = stdlib_logging.getLogger()
    before, level = root.handlers[:], root.level

    def configure(form="json"):
        logging.configure(form)
        stream = io.StringIO()
        root.handlers[0].setStream(stream)
        return stream

    yield configure
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_is_one_object_with_the_time_the_level_and_the_logger(output):
    stream = output()
    logging.get("tests.logging").warning("something_happened", number=7, token=SECRET)
    (line,) = stream.getvalue().splitlines()
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "event": "something_happened",
        "number": 7,
        "token": logging.REMOVED,
        "level": "warning",
        "logger": "tests.logging",
    }


def test_the_libraries_logs_go_the_same_way(output):
    stream = output()
    stdlib_logging.getLogger("some.library").warning("code=%s for %s", "493021", {"password": "x9"})
    entry = json.loads(stream.getvalue())
    assert entry["logger"] == "some.library"
    assert "493021" not in stream.getvalue()
    assert "x9" not in stream.getvalue()


def test_an_exception_is_logged_without_its_secrets(output):
    stream = output()

    def fail():
        raise ValueError(f"no such token={SECRET}")

    try:
        fail()
    except ValueError:
        logging.get("tests.logging").exception("it_failed")
        stdlib_logging.getLogger("some.library").exception("it failed")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    for entry in (first, second):
        assert "ValueError" in entry["exception"]
        assert "Traceback" in entry["exception"]
    assert SECRET not in stream.getvalue()


def test_the_console_form_is_for_people_and_as_silent(output):
    stream = output("console")
    logging.get("tests.logging").warning("something_happened", password=SECRET)
    assert "something_happened" in stream.getvalue()
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_line_about_a_request_looks_like_any_other(output, form):
    """It is written by a shorter way, which must say and keep back the same."""
    stream = output(form)
    fields = {
        "plane": "page",
        "method": "GET",
        "path": f"/caf\u00e9\u2028\udc80/{JWT}/a=1;token={SECRET}",
        "status": 200,
        "milliseconds": 12.3,
        "client": "2001:db8::1",
    }
    logging.request(**fields)
    logging.get("hospes.requests").info("request", **fields)
    short, usual = stream.getvalue().split("\n")[:2]
    without_time = [re.sub(r"2\d{3}-\d\d-\d\dT[\d:.]+Z", "", line) for line in (short, usual)]
    assert without_time[0] == without_time[1] != short
    assert SECRET not in short
    assert JWT not in short
    assert "caf" in short


def test_requests_are_not_logged_below_the_level_asked_for(output):
    stream = output()
    stdlib_logging.getLogger().setLevel("WARNING")
    logging.request(path="/sign-in")
    assert stream.getvalue() == ""
