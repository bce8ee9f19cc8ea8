"""Measure and print; writes nothing. ``make bench``, or ``python -m bench --seconds 20``."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from datetime import UTC, datetime

from bench import api, judging, provider, rights, waiting
from bench.machine import machine
from bench.processes import Server, cores
from bench.signing_in import Person, argon2_alone, page_latencies, sign_ins

MEGABYTE = 1024 * 1024
SETTLE_SECONDS = 5.0
STARTS = 5
ROUNDS = 5
# Enough that a core never waits for the next one to arrive.
PEOPLE_PER_CORE = 4

PEOPLE = """
import uuid
from django.db import transaction
from hospes.foundation import clock
from hospes.foundation.services import outbox
from hospes.identity.gateways import hashing
from hospes.identity.models import Account
password_hash = hashing.hash_password({password!r})
now = clock.now()
for number in range({count}):
    with transaction.atomic():
        account = Account.objects.create(
            public_id=str(uuid.uuid4()), email=f"person.{{number}}@customer.example",
            email_verified_at=now, first_name="Person", last_name=str(number),
            password_hash=password_hash, password_changed_at=now, created_at=now, updated_at=now,
        )
        outbox.emit("identity.account_created", {{"account_id": account.pk}})
"""
PASSWORD = "gravel lantern orchestra 58"  # noqa: S105 - of the people made up above


def row(what: str, figure: str, wanted: str) -> None:
    """Print one line of the table."""
    print(f"| {what:<52} | {figure:>16} | {wanted:<16} |", flush=True)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of ``values`` lie, in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def measure_starting(server: Server) -> None:
    """Start several times; then measure the memory of a server that has answered a few pages."""
    server.start()
    server.stop()
    times = []
    for _ in range(STARTS):
        times.append(server.start())
        server.stop()
    row("from command to first page, warm (median)", f"{statistics.median(times):.2f} s", "< 3 s")
    server.start()
    person = Person(server.port, "nobody@customer.example")
    for address in ("/", "/sign-in", "/sign-up", "/recover", "/oauth2/jwks") * 5:
        person.get(address)
    time.sleep(SETTLE_SECONDS)
    proportional, resident, count = server.memory()
    row(f"idle memory, {count} processes, PSS", f"{proportional / MEGABYTE:.0f} MB", "< 200 MB")
    row(f"idle memory, {count} processes, RSS summed", f"{resident / MEGABYTE:.0f} MB", "")


def measure_signing_in(server: Server, seconds: float) -> None:
    """Compare password sign-ins with the hash alone, and look at another page meanwhile."""
    on, beside = cores()
    server.stop()
    server.cores = on
    server.start()
    # Clients have cores of their own, so that the server's figure is the server's.
    os.sched_setaffinity(0, beside)
    people = [
        Person(server.port, f"person.{number}@customer.example")
        for number in range(len(on) * PEOPLE_PER_CORE)
    ]
    server.python(PEOPLE.format(password=PASSWORD, count=len(people)))
    for person in people:
        person.sign_in(PASSWORD)  # From here on the browser is known, and no mail tells of it.
    time.sleep(1)
    reader = Person(server.port, "")
    quiet = page_latencies(reader, seconds / 3)
    # In turns: a machine that others share is faster in one second than in the next.
    pairs = [
        (
            argon2_alone(PASSWORD, on, seconds / ROUNDS),
            sign_ins(people, PASSWORD, seconds / ROUNDS),
        )
        for _ in range(ROUNDS)
    ]
    alone, rate = (statistics.median(values) for values in zip(*pairs, strict=True))
    share = statistics.median(signed_in / hashed for hashed, signed_in in pairs)
    row(f"argon2id alone, {len(on)} core (median of {ROUNDS})", f"{alone:.1f} /s", "")
    row(f"password sign-ins, same core (median of {ROUNDS})", f"{rate:.1f} /s", "")
    row("sign-ins of what argon2id alone allows", f"{100 * share:.0f} %", "> 90 %")

    storm = threading.Thread(target=sign_ins, args=(people, PASSWORD, seconds))
    storm.start()
    time.sleep(0.5)
    busy = page_latencies(reader, seconds - 1)
    storm.join()
    for name, values in (("quiet", quiet), ("during a password storm", busy)):
        figure = f"{percentile(values, 0.5):.1f} / {percentile(values, 0.95):.1f} ms"
        row(f"another page, {name} (median / 95th)", figure, "")
    time.sleep(SETTLE_SECONDS)
    proportional, _resident, count = server.memory()
    row(f"memory after the storm, {count} processes, PSS", f"{proportional / MEGABYTE:.0f} MB", "")


def main() -> int:
    """Measure everything, or with a part's name as first word that part alone."""
    parts = {
        "provider": provider.main,
        "waiting": waiting.main,
        "app": judging.main,
        "api": api.main,
        "rights": rights.main,
    }
    if sys.argv[1:2] and sys.argv[1] in parts:
        return parts[sys.argv[1]](sys.argv[2:])
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement")
    options = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, SQLite")
    print()
    row("figure", "measured", "wanted")
    print(f"|{'-' * 54}|{'-' * 17}:|{'-' * 18}|")
    server = Server()
    try:
        measure_starting(server)
        measure_signing_in(server, options.seconds)
    finally:
        server.stop()
        server.folder.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
