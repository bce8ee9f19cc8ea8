"""Kill -9 amid exchanges and refreshes: nothing answered is lost, nothing works twice."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest

from support import run
from support.authorizing import CALLBACK, CHALLENGE, VERIFIER
from support.server import Server
from support.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]

CODES = 24
CLIENTS = 8
REFRESHES = 8

REGISTER = f"""
from support.people import make_account
from hospes.connect.domain.registration import Draft
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.identity.services.sessions import open_session
from hospes.kit.origin import SYSTEM
from hospes.organizations.queries import organizations_of
account = make_account("anna@customer.example")
made = register_application(
    RegisterApplication(
        Draft(type="web", name="Flower shop", redirect_uris=({CALLBACK!r},)), "a-form-key-0000001"
    ),
    organization=organizations_of(account).get(), acting_account=account, origin=SYSTEM,
)
session, token = open_session(account, None, origin=SYSTEM, amr=("pwd",))
print(made.application.client_id, made.secret, token)
"""


@dataclass
class Chain:
    """One code, and the answers that came of it; ``sent`` says that it left the application."""

    code: str
    sent: bool = False
    answers: list[dict[str, Any]] = field(default_factory=list)


class Client:
    """An application that sends requests until the server is gone."""

    def __init__(self, server: Server, client_id: str, secret: str) -> None:
        self.server = server
        self.auth = (client_id, secret)
        self.refused: list[str] = []

    def exchange(self, http: httpx.Client, code: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return http.post(f"{self.server.url}/token", data=form, auth=self.auth)

    def refresh(self, http: httpx.Client, token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return http.post(f"{self.server.url}/token", data=form, auth=self.auth)

    def work(self, chains: list[Chain]) -> None:
        """Exchange each code and refresh what it gave, until the connection breaks."""
        try:
            with httpx.Client(timeout=20) as http:
                for chain in chains:
                    chain.sent = True
                    self._keep(chain, self.exchange(http, chain.code))
                    for _ in range(REFRESHES):
                        token = chain.answers[-1]["refresh_token"]
                        self._keep(chain, self.refresh(http, token))
        except httpx.TransportError:
            return

    def _keep(self, chain: Chain, answer: httpx.Response) -> None:
        if answer.status_code != 200:
            self.refused.append(answer.text)
        chain.answers.append(answer.json())


class PostgresServer(Server):
    """An installation whose database is not killed with it."""

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
    ]
)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    server = Server()
    if request.param == "postgres":
        name = f"hospes_crash_{run.worker_name()}"
        server = PostgresServer(database_url=run.postgres_database(name))
    server.start()
    yield server
    server.kill()


def new_code(browser: Site, client_id: str) -> str:
    values = {
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid offline_access",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = browser.get("/authorize", params=values)
    if answer.status_code == 200:
        answer = browser.submit(button="Allow")
    return httpx.URL(answer.headers["location"]).params["code"]


def test_amid_exchanges_and_refreshes(server: Server) -> None:
    client_id, secret, session = server.python(REGISTER).split()
    browser = Site(server=server.url)
    browser.set_cookie("browser", session)
    chains = [Chain(new_code(browser, client_id)) for _ in range(CODES)]
    client = Client(server, client_id, secret)
    threads = [
        threading.Thread(target=client.work, args=(chains[number::CLIENTS],))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while sum(len(chain.answers) for chain in chains) < CODES * 2:
        assert time.monotonic() < deadline, "the load never got going"
        time.sleep(0.002)
    server.kill()
    for thread in threads:
        thread.join(30)
    assert not client.refused
    told = sum(len(chain.answers) for chain in chains)
    assert told < CODES * (1 + REFRESHES), "it ended before it was killed"
    assert any(chain.answers for chain in chains)
    server.start()
    with httpx.Client(timeout=20) as http:
        nothing_is_lost(client, http, chains)
        nothing_works_twice(client, http, chains)


def nothing_is_lost(client: Client, http: httpx.Client, chains: list[Chain]) -> None:
    """Every token that was answered works, the newest refresh token included."""
    for chain in chains:
        for answer in chain.answers:
            headers = {"Authorization": f"Bearer {answer['access_token']}"}
            url = f"{client.server.url}/oauth2/userinfo"
            assert http.get(url, headers=headers).status_code == 200
        if chain.answers:
            # Whether or not the server had made its successor when it died.
            token = chain.answers[-1]["refresh_token"]
            first, again = client.refresh(http, token), client.refresh(http, token)
            assert (first.status_code, again.status_code) == (200, 200)
            for name in ("access_token", "refresh_token"):
                assert first.json()[name] == again.json()[name]
            chain.answers.append(first.json())
    # Each exchange and each rotation made one refresh token and one access token, whole or not.
    for codes, rotated, refreshing, access in client.server.rows(
        "SELECT (SELECT count(*) FROM connect_authorization_code c"
        " WHERE c.grant_id = g.id AND c.used_at IS NOT NULL),"
        " count(CASE WHEN t.rotated_at IS NOT NULL THEN 1 END),"
        " count(CASE WHEN t.kind = 'refresh' THEN 1 END),"
        " count(CASE WHEN t.kind = 'access' THEN 1 END)"
        " FROM connect_grant g LEFT JOIN connect_token t ON t.grant_id = g.id GROUP BY g.id"
    ):
        assert refreshing == access == codes + rotated
        assert codes <= 1


def nothing_works_twice(client: Client, http: httpx.Client, chains: list[Chain]) -> None:
    """What has a used successor is refused, and so is every code after its first time."""
    for chain in chains:
        if len(chain.answers) > 2:
            newest = client.refresh(http, chain.answers[-1]["refresh_token"])
            assert newest.status_code == 200
            assert client.refresh(http, chain.answers[-2]["refresh_token"]).status_code == 400
            # Reuse ends the family.
            assert client.refresh(http, newest.json()["refresh_token"]).status_code == 400
        first = client.exchange(http, chain.code)
        if chain.answers:
            assert first.status_code == 400
        elif not chain.sent:
            assert first.status_code == 200
        assert client.exchange(http, chain.code).status_code == 400
