"""Browsers that wait for a phone: what they cost, and how soon they go on after its YES."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import re
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from bench.machine import machine
from bench.processes import Server, cores, descendants

# As the page's script asks (push_wait.js).
POLL_SECONDS = 0.7
WAITING = 200
MANY = 2000
OK, FOUND = 200, 302
_TICKS = os.sysconf("SC_CLK_TCK")

PEOPLE = """
import json, uuid
from django.conf import settings
from hospes.foundation import clock
from hospes.identity.models import Account, Method
from hospes.identity.services.two_step import challenges, phones, steps
from hospes.kit.origin import Origin
from django.db import transaction
now, origin = clock.now(), Origin(ip="192.0.2.1", user_agent="Mozilla/5.0 Firefox/145.0")
found = []
for number in range({count}):
    with transaction.atomic():
        account = Account.objects.create(
            public_id=str(uuid.uuid4()), email=f"waits.{first}.{{number}}@customer.example",
            email_verified_at=now, first_name="Person", last_name=str(number), password_hash="!",
            password_changed_at=now, created_at=now, updated_at=now, two_step_since=now)
        method = Method.objects.create(
            public_id=str(uuid.uuid4()), account=account, kind="authenticator", name="Phone",
            is_default=True, created_at=now, confirmed_at=now)
        _row, token = phones.add(
            method, device=phones.Device(), public_key={key!r}, subscription=None)
        step, value = steps.begin(
            account, amr=("pwd",), browser=None, new_device=False, continue_to="/help/browser",
            application_name="", origin=origin)
        made = challenges.begin(step, origin=origin)
        found.append([value, token, made.public_id, made.nonce, made.number])
with open({file!r}, "w") as out:
    json.dump([f"{{settings.COOKIE_PREFIX}}step", found], out)
"""


@dataclass(frozen=True)
class Waiting:
    """One sign-in: what its browser and its phone hold."""

    cookie: str
    token: str
    uuid: str
    nonce: str
    number: str


class Connection:
    """One kept connection, with just as much HTTP as this needs."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: str = ""
    ) -> tuple[int, str, bytes]:
        """Return status, head and body of one answer."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        found = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        if found:
            content = await self.reader.readexactly(int(found[1]))
        else:
            content = await self._chunks(self.reader) if "chunked" in head.lower() else b""
        return int(head.split(" ", 2)[1]), head, content

    @staticmethod
    async def _chunks(reader: asyncio.StreamReader) -> bytes:
        pieces = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            pieces.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(pieces)

    def close(self) -> None:
        """Close it."""
        if self.writer is not None:
            self.writer.close()


class Phone:
    """All phones of this measurement: they share one key."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> str:
        """Return the public key."""
        point = self.key.public_key().public_numbers()
        x, y = (_b64(value.to_bytes(32, "big")) for value in (point.x, point.y))
        return json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y})

    def approval(self, of: Waiting) -> str:
        """Return the body of the phone's YES."""
        lines = ("hospes-push-v1", self.issuer, of.uuid, of.nonce, "approve", of.number)
        signed = self.key.sign("\n".join(lines).encode(), ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(signed)
        signature = _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return json.dumps({"signature": signature, "number": of.number})


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def people(server: Server, phone: Phone, count: int, *, first: str) -> tuple[str, list[Waiting]]:
    """Make so many sign-ins that wait for their phones; return the cookie's name and them."""
    file = Path(server.folder.name) / "waiting.json"
    server.python(PEOPLE.format(count=count, first=first, key=phone.jwk, file=str(file)))
    name, found = json.loads(file.read_text())
    file.unlink()
    return name, [Waiting(*values) for values in found]


def cpu_seconds(server: Server) -> float:
    """Return the processor time that the server's processes have used."""
    if server.process is None:
        raise SystemExit("The server is not running.")
    used = 0
    for pid in descendants(server.process.pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / _TICKS


async def sign_in(server: Server, name: str, one: Waiting, phone: Phone, after: float) -> float:
    """Wait as a browser does, say YES ``after`` seconds; return the seconds until its next page."""
    browser, pocket = Connection(server.port), Connection(server.port)
    cookies = {"Cookie": f"{name}={one.cookie}"}
    status, head, page = await browser.ask("GET", "/sign-in/verify", cookies)
    form = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    csrf = re.search(r"set-cookie:\s+(\S*csrf\S*?=\w+)", head, re.IGNORECASE)
    if status != OK or form is None or csrf is None:
        raise SystemExit(f"The page of the second step answers {status}.")
    cookies = {"Cookie": f"{name}={one.cookie}; {csrf[1]}"}
    pressed = 0.0

    async def press() -> None:
        nonlocal pressed
        await asyncio.sleep(after)
        pressed = time.perf_counter()
        sent = {"Authorization": f"Bearer {one.token}", "Content-Type": "application/json"}
        path = f"/api/2fa/push/challenges/{one.uuid}"
        status, _head, body = await pocket.ask("PATCH", path, sent, phone.approval(one))
        if status != OK:
            raise SystemExit(f"The phone's YES is answered with {status}: {body!r}")

    answering = asyncio.create_task(press())
    while True:
        status, _head, body = await browser.ask("GET", "/sign-in/verify/state", cookies)
        if status != OK:
            raise SystemExit(f"The waiting browser is answered with {status}.")
        if json.loads(body)["state"] == "approved":
            break
        await asyncio.sleep(POLL_SECONDS)
    body_sent = urlencode({"csrfmiddlewaretoken": form[1].decode()})
    posting = {
        **cookies,
        "Origin": server.url,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    status, head, _body = await browser.ask("POST", "/sign-in/verify/push", posting, body_sent)
    target = re.search(r"location: (\S+)", head, re.IGNORECASE)
    if status != FOUND or target is None:
        raise SystemExit(f"After the YES the browser is answered with {status}.")
    await browser.ask("GET", target[1], {})
    taken = time.perf_counter() - pressed
    await answering
    browser.close()
    pocket.close()
    return taken


async def approvals(server: Server, phone: Phone, seconds: float) -> list[float]:
    """Return the seconds from YES to next page, with ``WAITING`` sign-ins at once."""
    name, found = people(server, phone, WAITING, first="yes")
    spread = random.Random(1)
    return list(
        await asyncio.gather(
            *(sign_in(server, name, one, phone, spread.uniform(3, 3 + seconds)) for one in found)
        )
    )


async def idle(server: Server, phone: Phone, seconds: float) -> tuple[float, float]:
    """Return the cores that ``MANY`` waiting browsers cost, and how often they asked a second."""
    name, found = people(server, phone, MANY, first="many")
    until = time.perf_counter() + 5 + seconds
    asked = 0

    async def wait(one: Waiting, start: float) -> None:
        nonlocal asked
        connection = Connection(server.port)
        await asyncio.sleep(start)
        while time.perf_counter() < until:
            headers = {"Cookie": f"{name}={one.cookie}"}
            status, _head, _body = await connection.ask("GET", "/sign-in/verify/state", headers)
            if status != OK:
                raise SystemExit(f"The waiting browser is answered with {status}.")
            asked += 1
            await asyncio.sleep(POLL_SECONDS)
        connection.close()

    async def measure() -> tuple[float, float]:
        await asyncio.sleep(5)
        before, count, began = cpu_seconds(server), asked, time.perf_counter()
        await asyncio.sleep(seconds - 1)
        passed = time.perf_counter() - began
        return (cpu_seconds(server) - before) / passed, (asked - count) / passed

    spread = random.Random(2)
    measuring = asyncio.create_task(measure())
    await asyncio.gather(*(wait(one, spread.uniform(0, 4)) for one in found))
    return await measuring


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench waiting", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each measurement")
    options = parser.parse_args(arguments)
    on, beside = cores()
    server = Server(cores=on)
    phone = Phone(server.url)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, SQLite, server on {len(on)} core")
    try:
        server.start()
        os.sched_setaffinity(0, beside)
        taken = sorted(asyncio.run(approvals(server, phone, options.seconds)))
        late = taken[int(len(taken) * 0.95)]
        print(f"{WAITING} waiting, from YES to the next page: median "
              f"{statistics.median(taken):.2f} s, 95 % {late:.2f} s, last {taken[-1]:.2f} s "
              "(wanted < 1.2 and < 2)")  # fmt: skip
        cost, rate = asyncio.run(idle(server, phone, options.seconds))
        print(f"{MANY} waiting: {cost:.2f} of a core at {rate:.0f} requests/s (wanted < 0.5)")
    finally:
        server.stop()
        server.folder.cleanup()
    return 0
