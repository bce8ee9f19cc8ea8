"""A large organization: a decision about rights, its member list, its products over the API.

``python -m bench rights``. 10,000 members, 500 work teams, 5,000 products, as a large company
would have them; the collaborator who is measured is in eight teams. django-rest-framework lists
the products of the same tables.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import pairs, sameness
from bench.load import CONNECTIONS, Request, require_wrk
from bench.machine import machine
from bench.pairs import OURS, ROUNDS
from bench.peers.rest_peer import RestFramework
from bench.postgres import Postgres
from bench.processes import Server, cores
from bench.signing_in import Person

MEMBERS, TEAMS, PRODUCTS = 10_000, 500, 5_000
PAGES = 60
DECISIONS = 3_000
ROWS_ASKED = 50
PRODUCTS_ASKED = Request(
    *("GET", f"/api/1/products?limit={ROWS_ASKED}", "Bearer {}", ""),
    once=False,
    wanted=('"result":"success","data":%[{"id":', '"has_more":'),
)
# What a token may ask, of both.
REQUESTS, WINDOW_SECONDS = 10_000, 1
PASSWORD = "gravel lantern orchestra 58"  # noqa: S105 - of the people made up below
STORAGES = ("sqlite", "postgres")
WANTED_DECISION_MS, WANTED_PAGE_MS, WANTED_RATE = 1, 150, 800

ROWS = """
import json, random, secrets, uuid
from django.db import connection, transaction
from hospes.api.models import ApiToken
from hospes.catalog.models import Service
from hospes.foundation import clock
from hospes.foundation.models import NumberSetting
from hospes.foundation.services import outbox
from hospes.identity.gateways import hashing
from hospes.identity.models import Account
from hospes.kit import api_tokens
from hospes.organizations.models import Grant, Membership, Organization, Product, Team, TeamMember
chance = random.Random(7)
now, members, teams, products = clock.now(), {members}, {teams}, {products}
password_hash = hashing.hash_password({password!r})
for key, value in (("api.requests", {requests}), ("api.requests_window_seconds", {window})):
    NumberSetting.objects.create(key=key, value=value, updated_at=now)
with transaction.atomic():
    home = Organization.objects.create(
        public_id=str(uuid.uuid4()), name="Large Company", created_at=now)
    people = Account.objects.bulk_create([
        Account(public_id=str(uuid.uuid4()), email=f"person.{{n}}@customer.example",
                email_verified_at=now, first_name="Person", last_name=str(n),
                password_hash=password_hash, password_changed_at=now, created_at=now,
                updated_at=now)
        for n in range(members)])
    places = Membership.objects.bulk_create([
        Membership(organization=home, account=person, created_at=now,
                   role="owner" if n == 0 else "client" if n % 10 == 9 else "normal")
        for n, person in enumerate(people)])
    crews = []
    for n in range(teams):
        crew = Team(organization=home, name=f"Team {{n}}", color_id=n % 8, leader=places[0],
                    created_at=now, updated_at=now)
        crew.save()
        crews.append(crew)
    TeamMember.objects.bulk_create([
        TeamMember(team=crew, membership=place, added_at=now)
        for place in places[1:] for crew in chance.sample(crews, 8)])
    kinds = Service.objects.bulk_create([
        Service(code=f"kind-{{n}}", names={{"en": "Kind"}}) for n in range(20)])
    things = Product.objects.bulk_create([
        Product(organization=home, service=kinds[n % 20], internal_name=f"product-{{n}}",
                fqdn=f"host-{{n}}.customer.example", created_at=now)
        for n in range(products)])
    grants = []
    for crew in crews:
        for thing in chance.sample(things, 20):
            grants += [Grant(team=crew, product=thing, reach=f"product:{{thing.pk}}", right=right,
                             created_at=now) for right in ("technical", "statistic")]
        kind = chance.choice(kinds)
        grants.append(Grant(team=crew, service=kind, reach=f"service:{{kind.pk}}", right="check",
                            created_at=now))
    for place in places[1::3]:
        grants += [Grant(membership=place, product=thing, reach=f"product:{{thing.pk}}",
                         right="sale", created_at=now) for thing in chance.sample(things, 2)]
    Grant.objects.bulk_create(grants)
    for number in (0, 1):
        outbox.emit("identity.account_created", {{"account_id": people[number].pk}})
with connection.cursor() as cursor:
    # As the databases do by themselves while they are in use.
    cursor.execute("ANALYZE")
values = {{}}
for name, account in (("leads", people[0]), ("collaborates", people[1])):
    made = [api_tokens.make(secrets.token_bytes(api_tokens.RANDOM_BYTES)) for _ in range(20)]
    ApiToken.objects.bulk_create([
        ApiToken(account=account, name="Bench", token_hash=api_tokens.hash_of(v), hint=v[-4:],
                 scope="products:read", created_at=clock.timestamp()) for v in made])
    values[name] = made
print(json.dumps({{"address": home.public_id, "values": values, "grants": len(grants)}}))
"""

DECIDE = """
import json, random, sys, time
from django.db import connection
from hospes.organizations.models import Membership, Product
from hospes.organizations.queries import rights
member = Membership.objects.get(account__email="person.1@customer.example")
things = list(Product.objects.order_by("?")[:200])
random.seed(7)
def timed(ask, count):
    found = []
    for _ in range(count):
        thing = random.choice(things)
        began = time.perf_counter()
        ask(thing)
        found.append(time.perf_counter() - began)
    return found
ways = {{
    "allowed": lambda thing: rights.allowed(member, thing, "technical"),
    "decide": lambda thing: rights.decide(member, thing),
}}
given = sum(rights.allowed(member, thing, "check") for thing in things)
assert 0 < given < len(things), given
print(json.dumps({{name: [timed(way, 200), timed(way, {count})][1] for name, way in ways.items()}}))
"""

PLAN = """
from django.db import connection
from hospes.organizations.models import Membership, Product
from hospes.organizations.policies import rights as policy
from hospes.organizations.queries import rights
from django.test.utils import CaptureQueriesContext
member = Membership.objects.get(account__email="person.1@customer.example")
thing = Product.objects.order_by("pk")[100]
with CaptureQueriesContext(connection) as asked:
    rights.decide(member, thing)
with connection.cursor() as cursor:
    start = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    cursor.execute(start + asked.captured_queries[0]["sql"])
    for row in cursor.fetchall():
        print(row[-1])
"""


def row(what: str, figure: str, wanted: str, peer: str = "", ratio: str = "") -> None:
    """Print one line of the table."""
    print(f"| {what} | {figure} | {peer} | {ratio} | {wanted} |", flush=True)


def figures(seconds: list[float]) -> str:
    """Return median and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{statistics.median(ordered) * 1000:.2f} ms / {p99 * 1000:.2f} ms"


def _pages(server: Server, address: str) -> list[float]:
    """Return the seconds that pages of the member list took, whoever leads looking at it."""
    person = Person(server.port, "person.0@customer.example")
    person.sign_in(PASSWORD)
    found = []
    for number in range(PAGES + 5):
        page = f"/organizations/{address}/members?page={number + 1}"
        began = time.perf_counter()
        content = person.get(page)
        found.append(time.perf_counter() - began)
        if len(re.findall(rb"person\.\d+@customer\.example", content)) < ROWS_ASKED:
            raise SystemExit(f"{page} does not list {ROWS_ASKED} members")
    return found[5:]


def measure(storage: str, seconds: float, *, plans: bool, peer: bool) -> None:
    """Measure on one storage and print."""
    on, beside = cores()
    shown = "SQLite" if storage == "sqlite" else "PostgreSQL"
    with contextlib.ExitStack() as ending:
        database_url = ""
        if storage == "postgres":
            postgres = Postgres(beside)
            ending.callback(postgres.stop)
            database_url = postgres.database("bench")
        server = Server(database_url=database_url, cores=on)
        ending.callback(server.folder.cleanup)
        ending.callback(server.stop)
        subprocess.run(
            [sys.executable, "-m", "hospes", "migrate"],
            env=server.environment,
            check=True,
            capture_output=True,
        )
        sizes = {"members": MEMBERS, "teams": TEAMS, "products": PRODUCTS}
        limit = {"requests": REQUESTS, "window": WINDOW_SECONDS}
        made = json.loads(server.python(ROWS.format(**sizes, **limit, password=PASSWORD)))
        if plans:
            print(server.python(PLAN))
        for name, found in json.loads(server.python(DECIDE.format(count=DECISIONS))).items():
            wanted = f"< {WANTED_DECISION_MS} ms"
            row(f"{shown}: `rights.{name}`, median / p99", figures(found), wanted)
        server.start()
        what = f"{shown}: member list, {ROWS_ASKED} of {MEMBERS:,}, median / p99"
        row(what, figures(_pages(server, made["address"])), f"< {WANTED_PAGE_MS} ms")
        urls = {OURS: server.url}
        if peer:
            other = RestFramework(server, requests=REQUESTS, window=WINDOW_SECONDS)
            ending.callback(other.stop)
            other.start()
            tokens = [values[0] for values in made["values"].values()]
            sameness.require(server.url, other.url, PRODUCTS_ASKED.path, tokens)
            urls[other.name] = other.url
        folder = ending.enter_context(tempfile.TemporaryDirectory(prefix="hospes-bench-values-"))
        for who, values in made["values"].items():
            file = Path(folder) / who
            file.write_text("".join(f"{value}\n" for value in values))
            mine, theirs, ratio = pairs.rates(urls, PRODUCTS_ASKED, file, seconds, beside).cells
            what = f"{shown}: `GET /api/1/products`, {ROWS_ASKED} rows, somebody who {who}"
            row(what, mine, f"{WANTED_RATE} /s", theirs, ratio)


def main(arguments: list[str] | None = None) -> int:
    """Measure on each storage and print."""
    parser = argparse.ArgumentParser(prog="bench rights", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one round")
    parser.add_argument("--storage", choices=STORAGES, help="only this one")
    parser.add_argument("--plans", action="store_true", help="show how a decision is looked up")
    pairs.add_option(parser)
    asked = parser.parse_args(arguments)
    require_wrk()
    # An end from outside ends the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    peer = pairs.present(asked.peers)
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; {MEMBERS:,} members, {TEAMS} teams, "
        f"{PRODUCTS:,} products; {CONNECTIONS} connections, {ROUNDS} rounds of "
        f"{max(1, round(asked.seconds))} s.\n"
    )
    if peer:
        print(f"Beside {RestFramework.versions()}.\n")
    print(f"| what | ours | {RestFramework.name} | ours / it | wanted of ours |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for storage in [asked.storage] if asked.storage else STORAGES:
        measure(storage, asked.seconds, plans=asked.plans, peer=peer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
