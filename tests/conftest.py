"""Fixtures of all tests; what they are made of is in ``support``."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Any

import pytest

from support import framework, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hospes.identity.models import Account
    from support.mailbox import Mailbox
    from support.moving import Clock
    from support.server import Server
    from support.site import Site

# Folders whose tests know neither Django nor a database.
PURE = ("kit", "protocols", "tools")

pytest_plugins = ["support.browser", "conformance.record"]


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run: its folder, and no way out of this machine."""
    run.run_dir()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    _stay_on_this_machine()
    # xdist's controller runs no test and needs no database.
    if not run.is_controller() or not config.getoption("numprocesses", default=None):
        framework.load()


def pytest_unconfigure() -> None:
    """Stop what the run started."""
    run.end()


def _stay_on_this_machine() -> None:
    genuine = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {address}")
        genuine(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]


@pytest.fixture(autouse=True)
def isolation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no row, clock, counter or language behind."""
    folder = request.path.relative_to(request.config.rootpath / "tests").parts[0]
    yield
    if folder not in PURE:
        framework.reset()


@pytest.fixture
def site() -> Site:
    """Return a browser without scripts, over the whole WSGI stack, at https://hospes.test."""
    from support.site import Site

    return Site()


@pytest.fixture
def mailbox() -> Mailbox:
    """Return the mails that people would have got."""
    from support.mailbox import Mailbox

    return Mailbox()


@pytest.fixture
def clock() -> Clock:
    """Return the product's clock, to be moved; it goes right again after the test."""
    from support.moving import Clock

    return Clock()


@pytest.fixture
def make_account() -> Callable[..., Account]:
    """Return a function that makes a confirmed account (email, password, name, …)."""
    from support import people

    return people.make_account


@pytest.fixture
def sign_in() -> Callable[..., Any]:
    """Return a function that signs an account in on a browser, without the sign-in page."""
    from support import people

    return people.sign_in


@pytest.fixture
def django_plan() -> Callable[[Any], str]:
    """Return a function that tells how the database would run a query on a large table."""
    from django.db import connection, transaction

    def explain(queryset: Any) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            return str(queryset.explain())

    return explain


@pytest.fixture(scope="session")
def postgres() -> str:
    """Return the URL of a migrated PostgreSQL database of this worker's own."""
    return run.postgres_database(f"hospes_extra_{run.worker_name()}")


@pytest.fixture(scope="session")
def redis() -> str:
    """Return the URL of a Redis database of this worker's own."""
    number = run.worker_name().removeprefix("gw")
    return run.redis_server().removesuffix("0") + (number if number.isdecimal() else "63")


@pytest.fixture(scope="session")
def running_server() -> Iterator[Server]:
    """Return a real ``hospes serve``, with a data folder of its own."""
    from support.server import Server

    server = Server()
    server.start()
    yield server
    server.stop()
