"""A receiver that lets us wait holds up neither mails nor other receivers, nor survives a kill."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from webhooks.conftest import ORIGIN

from hospes.api.models import WebhookDelivery
from hospes.api.services import webhooks_delivery
from hospes.api.services.webhooks_messages import send_test
from hospes.foundation import worker
from support import run
from support.server import Server

pytestmark = pytest.mark.timeout(120)

# A mail is due at once; a worker in another process looks for it every second.
SOON = 3.0
_WEBHOOK = """
from support.people import make_account
from support.organizations import make_organization
from hospes.api.domain.webhooks import Draft
from hospes.api.services.webhooks import add_webhook
from hospes.api.services.webhooks_messages import send_test
from hospes.kit.origin import SYSTEM
owner = make_account("owner@house.example")
house = make_organization(owner, "Haus AG")
for number in range({count}):
    draft = Draft("{url}/" + str(number), "slow", ())
    added = add_webhook(draft, organization=house, acting_account=owner, origin=SYSTEM)
    send_test(added.webhook, acting_account=owner, origin=SYSTEM)
"""
_LATER = """
from datetime import timedelta
from hospes.foundation.services import moved_clock
moved_clock.move(timedelta(minutes=3))
"""
_MAIL = """
from hospes.foundation.services.messages import Mail, send_mail
send_mail(Mail("Hello", "Hello", ("Text",)), to="ada@books.example", locale="en", kind="tests")
"""


class Hanging:
    """A server that takes requests and answers only once ``gate`` is set."""

    def __init__(self):
        self.gate = threading.Event()
        self.ids = []
        hanging = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args):
                """Be quiet."""

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                hanging.ids.append(self.headers["webhook-id"])
                hanging.gate.wait(60)
                self.send_response(204)
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def hanging():
    receiver = Hanging()
    yield receiver
    receiver.close()


@contextmanager
def embedded(server):
    yield


@contextmanager
def separate(server):
    """Run ``hospes worker`` beside the server."""
    with subprocess.Popen(
        [sys.executable, "-m", "hospes", "worker"],
        env=server.environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        yield
        process.kill()


@pytest.mark.crash
@pytest.mark.parametrize(("options", "working"), [((), embedded), (("--no-worker",), separate)])
def test_mails_go_out_while_receivers_hang(hanging, options, working):
    server = Server(*options)
    server.start()
    try:
        with working(server):
            server.python(_WEBHOOK.format(count=10, url=hanging.url))
            run.wait_until(lambda: len(hanging.ids) >= 8, "every way out to be taken")
            for number in range(1, 4):
                server.python(_MAIL)
                sent = time.monotonic()
                server.wait_for_mail("ada@books.example", count=number)
                assert time.monotonic() - sent < SOON
            assert not server.rows("SELECT id FROM api_webhook_attempt"), "they hang still"
    finally:
        server.kill()


@pytest.mark.crash
def test_a_kill_while_a_receiver_hangs_loses_nothing(hanging):
    server = Server()
    server.start()
    try:
        server.python(_WEBHOOK.format(count=1, url=hanging.url))
        run.wait_until(lambda: hanging.ids, "the message")
        server.kill()
        hanging.gate.set()
        # Past the webhook's own lease.
        server.python(_LATER)
        server.start()
        run.wait_until(
            lambda: server.rows("SELECT state FROM api_webhook_delivery") == [("delivered",)],
            "the message again",
        )
        assert len(hanging.ids) >= 2
        assert len(set(hanging.ids)) == 1
    finally:
        server.kill()


def test_a_slow_receiver_holds_up_no_other_even_when_the_round_is_over(
    add, receiver, owner, monkeypatch
):
    monkeypatch.setattr(webhooks_delivery, "ROUND_SECONDS", 0.2)
    receiver.slow.add("/slow")
    slow, fast = (add(path).webhook for path in ("/slow", "/fast"))
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        send_test(slow, acting_account=owner, origin=ORIGIN)
        run.wait_until(lambda: receiver.got, "the slow receiver's message")
        time.sleep(0.8)
        for number in range(2, 5):
            send_test(fast, acting_account=owner, origin=ORIGIN)
            run.wait_until(lambda n=number: len(receiver.got) >= n, "the other's message")
        assert WebhookDelivery.objects.get(webhook=slow).state == "waiting"
    finally:
        stop.set()
        receiver.gate.set()
        worker.stop_waiting()
        thread.join(15)
    assert not thread.is_alive()
    assert [got.path for got in receiver.got] == ["/slow", *["/fast"] * 3]
    assert json.loads(receiver.got[0].body)["type"]
