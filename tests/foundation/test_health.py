from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from hospes.foundation import metrics
from hospes.foundation.models import Job
from hospes.foundation.services import health, heartbeat, jobs


def get(path, **extra):
    return Client().get(path, HTTP_HOST="hospes.test", secure=True, **extra)


def value(text, sample):
    found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def test_a_living_process_says_so():
    answer = get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_a_ready_process_says_so():
    answer = get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "faults": []})


def test_a_database_that_does_not_answer_is_told_but_not_what_it_said(monkeypatch):
    def fail():
        raise OperationalError("password authentication failed for user hospes")

    monkeypatch.setattr(health, "_is_migrated", fail)
    answer = get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "faults": ["the database does not answer"]}
    assert get("/healthz").status_code == 200


def test_missing_migrations_are_told(monkeypatch):
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    assert get("/readyz").json()["faults"] == ["migrations are missing"]


def test_a_silent_worker_is_told(monkeypatch):
    heartbeat.begin()
    try:
        assert get("/readyz").status_code == 200
        genuine = heartbeat.time.monotonic
        monkeypatch.setattr(heartbeat.time, "monotonic", lambda: genuine() + 181)
        answer = get("/readyz")
        assert (answer.status_code, answer.json()["faults"]) == (503, ["the worker is silent"])
        heartbeat.beat()
        assert get("/readyz").status_code == 200
    finally:
        heartbeat.leave()


def test_only_a_workers_own_thread_beats():
    thread = threading.Thread(target=heartbeat.beat)
    thread.start()
    thread.join()
    assert heartbeat.silence() is None


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_is_changed_there(path):
    assert Client().post(path, HTTP_HOST="hospes.test", secure=True).status_code in {403, 405}


# ---- figures ---------------------------------------------------------------------------------


def test_figures_are_for_this_machine_where_no_token_is_set():
    answer = get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert get("/metrics", REMOTE_ADDR="::1").status_code == 200


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "::ffff:192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "hospes.forwarded": True},
    ],
)
def test_figures_are_not_for_others(extra):
    answer = get("/metrics", **extra)
    assert answer.status_code == 404
    assert b"hospes_http" not in answer.content


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer right-token", 200),
        ("bearer right-token", 200),
        ("Bearer wrong-token", 404),
        ("Bearer ", 404),
        ("Basic right-token", 404),
        ("right-token", 404),
        ("", 404),
        ("Bearer tökén", 404),
    ],
)
def test_where_a_token_is_set_it_alone_opens(settings_with, header, status):
    settings_with(metrics_token="right-token")
    for address in ("192.0.2.7", "127.0.0.1"):
        answer = get("/metrics", REMOTE_ADDR=address, HTTP_AUTHORIZATION=header)
        assert answer.status_code == status


def test_the_figures_say_what_waits(clock):
    jobs.enqueue("tests.a", {})
    jobs.enqueue("tests.b", {}, run_at=clock.now() + timedelta(hours=1))
    Job.objects.create(task="tests.c", state="dead", run_at=clock.now(), created_at=clock.now())
    clock.move(timedelta(seconds=90))
    text = get("/metrics").content.decode()
    assert value(text, 'hospes_jobs{state="waiting"}') == 2
    assert value(text, 'hospes_jobs{state="dead"}') == 1
    assert value(text, 'hospes_jobs{state="running"}') == 0
    assert 89 <= value(text, "hospes_oldest_waiting_job_seconds") <= 95
    assert value(text, "hospes_events_waiting") == 0
    assert value(text, "hospes_worker_beat_seconds") == -1
    Job.objects.all().delete()
    text = get("/metrics").content.decode()
    assert value(text, 'hospes_jobs{state="waiting"}') == 0
    assert value(text, "hospes_oldest_waiting_job_seconds") == 0


def test_requests_and_sign_ins_are_counted():
    def now(sample):
        return value(metrics.render().decode(), sample) or 0

    request = 'hospes_http_requests_total{method="GET",plane="page",status="200"}'
    odd = 'hospes_http_requests_total{method="other",plane="guard",status="405"}'
    sign_in = 'hospes_sign_ins_total{outcome="tests"}'
    before = [now(sample) for sample in (request, odd, sign_in)]
    metrics.observe_request("page", "GET", 200, 0.012)
    metrics.observe_request("guard", "X" * 90, 405, 0.001)
    metrics.sign_in("tests")
    assert [now(sample) for sample in (request, odd, sign_in)] == [n + 1 for n in before]
    assert now('hospes_http_request_seconds_bucket{le="0.025",plane="page"}') >= 1
