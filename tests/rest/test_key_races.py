"""One Idempotency-Key sent by several connections at the same moment to a real server."""

from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

# As many as the token's limit lets through.
ROUNDS = 3
INVITED = {
    "email": "nina@mail.example",
    "first_name": "Nina",
    "last_name": "Roth",
    "locale": "en_GB",
    "role_type": "normal",
}
MAKE = """
from support.people import make_account
from support.organizations import make_organization
from support.api_tokens import make_token
import json
owner = make_account("lea@bergblume.example")
print(json.dumps([make_token(owner), make_organization(owner, "Haus AG").pk]))
"""
COUNT = """
from hospes.foundation.models import AuditEntry
from hospes.organizations.models import Team
print(AuditEntry.objects.filter(action="organizations.team_created").count(),
      AuditEntry.objects.filter(action="organizations.invitation_resent").count(),
      Team.objects.count())
"""


class House:
    """A server with an organization, and the token of who leads it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.token, account = json.loads(server.python(MAKE).splitlines()[-1])
        self.url = f"{server.url}/api/1/accounts/{account}"

    def at_once(self, count: int, path: str, body: Any, key: str) -> list[httpx.Response]:
        """Send the same write ``count`` times in one moment, over connections that are open."""
        gate = threading.Barrier(count)

        def send(_number: int) -> httpx.Response:
            with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}) as client:
                client.get(f"{self.server.url}/healthz")
                gate.wait(20)
                return client.post(
                    self.url + path, json=body, headers={"Idempotency-Key": key}, timeout=20
                )

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(send, range(count)))

    def again(self, path: str, body: Any, key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return httpx.post(self.url + path, json=body, headers=headers, timeout=20)

    def counts(self) -> list[int]:
        """Return how often a team was made and an invitation sent again, and how many teams are."""
        return [int(each) for each in self.server.python(COUNT).split()]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    server = Server(database_url=url)
    server.start()
    yield House(server)
    server.stop()


@pytest.mark.timeout(120)
def test_one_key_has_one_effect(house):
    for count in (2, 8) * ROUNDS:
        key, body = str(uuid.uuid4()), {"name": f"Team {uuid.uuid4()}"}
        check(house.at_once(count, "/teams", body, key), house.again("/teams", body, key), 201)
    # Nothing but the key keeps this from being done twice.
    invited = house.again("/invitations", INVITED, str(uuid.uuid4()))
    path = f"/invitations/{invited.json()['data']['id']}/resend"
    key = str(uuid.uuid4())
    check(house.at_once(8, path, {}, key), house.again(path, {}, key), 200)

    assert house.counts() == [2 * ROUNDS, 1, 2 * ROUNDS]


def check(answers: list[httpx.Response], later: httpx.Response, status: int) -> None:
    """One did it; the others were told the same, or that it is under way; later it is at hand."""
    assert later.headers["idempotency-replayed"] == "true"
    assert later.status_code == status
    did = [
        each for each in answers
        if each.status_code == status and "idempotency-replayed" not in each.headers
    ]  # fmt: skip
    assert len(did) == 1
    for each in answers:
        if each.status_code == status:
            assert each.content == later.content
        else:
            assert each.status_code == 409, each.text
            assert each.json()["error"]["code"] == "request_in_progress"
            assert each.headers["retry-after"] == "1"
